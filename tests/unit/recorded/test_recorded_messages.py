"""Each message that a past version stored meets today's contract."""

import pytest

from contracts.catalog import MESSAGES, SUBJECTS
from contracts.message import Event
from infra.bus.envelope import opened
from tests.recorded.stream import VERSIONS, messages_of


@pytest.mark.parametrize("version", VERSIONS)
def test_each_message_parses_into_the_type_that_it_names_and_loses_nothing(version: str) -> None:
    for recorded in messages_of(version):
        message = SUBJECTS.class_of(recorded.subject).parse(recorded.body.encode())
        envelope = opened(recorded.subject, recorded.headers)
        assert (message.address, message.subject) == (recorded.subject, envelope.type)
        assert type(message).parse(message.model_dump_json().encode()) == message


def test_each_fact_of_the_catalog_was_recorded_by_some_version() -> None:
    subjects = {message.subject for version in VERSIONS for message in messages_of(version)}
    recorded = {SUBJECTS.newest_of(SUBJECTS.class_of(subject)) for subject in subjects}
    assert recorded == {kind for kind in MESSAGES if issubclass(kind, Event)}
