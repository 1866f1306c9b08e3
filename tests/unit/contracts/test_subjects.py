"""Which version of a message an address names, and what the newest one makes of it."""

import pytest

from contracts.errors import MalformedMessage
from contracts.identities import Identity
from contracts.permissions import permissions
from contracts.subjects import Subjects
from tests.builders.versioned import BOTH_VERSIONS, Measure, Measured, MeasuredV1, MeasureV1


class Alone(Measured):
    """A newest version whose older one is read no more."""

    older = ()


def test_a_message_is_read_as_its_newest_version_says_it() -> None:
    newest = Measured(thing_id="thing-1", milliseconds=1500)
    for said in (MeasuredV1(thing_id="thing-1", seconds=1.5), newest):
        assert BOTH_VERSIONS.read(said.address, said.model_dump_json().encode()) == newest


def test_an_older_version_is_held_against_its_own_contract() -> None:
    with pytest.raises(MalformedMessage, match=r"measured\.v1: seconds: Field required"):
        BOTH_VERSIONS.read("evt.test.thing.measured.v1.thing-1", b'{"thing_id": "thing-1", "milliseconds": 1500}')


def test_a_version_that_is_newer_than_this_release_is_refused_with_the_reason() -> None:
    with pytest.raises(MalformedMessage) as caught:
        BOTH_VERSIONS.read("evt.test.thing.measured.v3.thing-1", b"{}")
    assert caught.value.problem == (
        "it is version 3 of Measured, and this release reads versions up to 2: "
        "a newer release said it, so run that or a later one"
    )


def test_a_version_that_is_read_no_more_says_which_one_is() -> None:
    with pytest.raises(MalformedMessage, match="version 1 of Alone is not read any more; say version 2"):
        Subjects([Alone]).read(MeasuredV1(thing_id="thing-1", seconds=1.5).address, b"{}")


def test_who_may_say_a_message_may_say_its_older_versions() -> None:
    lists = permissions("test", Identity(says=(Measure,), listens=(Measured,)))
    assert {f"{kind.subject}.*" for kind in (Measure, MeasureV1)} <= set(lists.publish)
    assert {f"{kind.subject}.*" for kind in (Measured, MeasuredV1)} <= set(lists.subscribe)
