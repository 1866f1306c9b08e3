"""The catalog is complete and its subjects are well formed."""

import inspect
import re

import pytest

from contracts import (
    evaluation,
    health,
    ingest,
    publishers,
    reports,
    scheduler,
    schedules,
    serving,
    sources,
    training,
    versions,
    webhooks,
)
from contracts.catalog import HEARS, MESSAGES, SUBJECTS
from contracts.errors import MalformedMessage
from contracts.message import Alarm, Command, Event, Message, Progress, Query
from contracts.subjects import stem_of, version_of, versions_of
from tests.builders.versioned import PAIRS

MODULES = (
    evaluation,
    health,
    ingest,
    publishers,
    reports,
    scheduler,
    schedules,
    serving,
    sources,
    training,
    versions,
    webhooks,
)
KINDS: dict[str, type[Message]] = {"evt": Event, "cmd": Command, "qry": Query, "progress": Progress, "sched": Alarm}
SUBJECT = re.compile(r"^(evt|cmd|qry|progress|sched)\.[a-z]+\.[a-z]+\.[a-z]+\.v[1-9]\d*$")


def stated_in(module: object) -> set[type[Message]]:
    members = (member for _, member in inspect.getmembers(module, inspect.isclass))
    return {member for member in members if issubclass(member, Message) and "subject" in vars(member)}


def test_every_message_of_every_context_is_in_the_catalog() -> None:
    assert set(MESSAGES) == set().union(*(stated_in(module) for module in MODULES))


def test_no_two_messages_share_a_subject() -> None:
    assert len(SUBJECTS.by_subject) == len(MESSAGES)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_a_subject_says_kind_context_entity_name_and_version(message: type[Message]) -> None:
    assert SUBJECT.match(message.subject)
    assert issubclass(message, KINDS[message.subject.split(".")[0]])
    assert message.keyed_by in message.model_fields


def test_every_command_is_obeyed_by_exactly_one_role() -> None:
    commands = [message for heard in HEARS.values() for message in heard if issubclass(message, Command)]
    assert sorted(commands, key=str) == sorted((m for m in MESSAGES if issubclass(m, Command)), key=str)


def test_a_command_is_obeyed_by_the_context_that_owns_it() -> None:
    for role, heard in HEARS.items():
        for message in heard:
            if issubclass(message, Command):
                assert role.split("-")[0] == message.context()


@pytest.mark.parametrize("message", [*MESSAGES, *PAIRS], ids=lambda message: message.__name__)
def test_each_version_of_a_message_becomes_the_next_one_on_the_same_subject_and_key(message: type[Message]) -> None:
    versions = versions_of(message)
    assert {stem_of(version) for version in versions} == {stem_of(message)}
    assert [version_of(version) for version in versions] == sorted(map(version_of, versions), reverse=True)
    assert {version.keyed_by for version in versions} == {message.keyed_by}
    for version in message.older:
        assert "upcast" in vars(version)
        assert not issubclass(version, Query), "an older question has an older answer, so it stays a question"


def test_an_address_leads_back_to_its_class() -> None:
    assert SUBJECTS.class_of("evt.training.fit.completed.v1.exp-1") is training.FitCompleted


def test_a_subject_without_a_contract_is_malformed() -> None:
    with pytest.raises(MalformedMessage, match="no contract has this subject"):
        SUBJECTS.class_of("evt.training.fit.melted.v1.exp-1")
