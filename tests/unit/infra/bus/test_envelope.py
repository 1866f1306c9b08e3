"""Envelopes: derived ids, one story, and a trace that stays flat."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from contracts.errors import MalformedMessage
from contracts.message import Message
from contracts.schedules import ScheduleDue
from contracts.training import CancelExperiment, ExperimentCancelled
from infra.bus.envelope import Sealer, opened
from infra.telemetry import Telemetry, current_traceparent

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COMMAND = CancelExperiment(experiment_id="exp-1")
FACT = ExperimentCancelled.model_validate(
    {"experiment_id": "exp-1", "fits_completed": 1, "fits_failed": 0, "cancelled_at": NOW}
)


def sealer(source: str = "training") -> Sealer:
    return Sealer(source, lambda: NOW)


def test_a_message_and_its_envelope_survive_the_headers() -> None:
    outgoing = sealer("cli").first(COMMAND)
    envelope = opened(outgoing.address, outgoing.headers)
    assert CancelExperiment.parse(outgoing.data) == COMMAND
    assert (envelope.source, envelope.time, envelope.type) == ("cli", NOW, COMMAND.subject)
    assert envelope.correlation_id == envelope.id
    assert envelope.causation_id is None


def test_the_same_cause_gives_the_same_ids_and_each_message_its_own() -> None:
    cause = opened(COMMAND.address, sealer().first(COMMAND).headers)
    following: list[Message] = [FACT, FACT]
    once = [out.headers["ce-id"] for out in sealer().following(cause, following)]
    again = [out.headers["ce-id"] for out in sealer().following(cause, following)]
    assert once == again
    assert len(set(once)) == 2


def test_what_follows_belongs_to_its_cause_s_story() -> None:
    cause = opened(COMMAND.address, sealer().first(COMMAND).headers)
    envelope = opened(FACT.address, sealer().following(cause, [FACT])[0].headers)
    assert envelope.causation_id == cause.id
    assert envelope.correlation_id == cause.correlation_id


def test_an_alarm_waits_where_nats_server_keeps_it_and_rings_where_it_is_heard() -> None:
    due = datetime(2026, 3, 29, 3, 0, tzinfo=timezone(timedelta(hours=2)))
    outgoing = sealer("scheduler").first(ScheduleDue(schedule_id="nightly", due=due))
    assert outgoing.address == "sched.armed.scheduler.schedule.due.v1.nightly"
    assert outgoing.headers["Nats-Schedule"] == "@at 2026-03-29T01:00:00.000Z"
    assert outgoing.headers["Nats-Schedule-Target"] == "sched.scheduler.schedule.due.v1.nightly"


def test_an_alarm_begins_a_story_of_its_own_whoever_armed_it() -> None:
    cause = opened(COMMAND.address, sealer().first(COMMAND).headers)
    alarm = ScheduleDue(schedule_id="nightly", due=NOW)
    once, again = (opened(alarm.address, sealer().following(cause, [alarm])[0].headers) for _ in range(2))
    assert once.id == again.id == once.correlation_id
    assert once.causation_id == cause.id
    assert once.root is None, "each time it rings it would hang in the trace of who armed it first"


def test_a_fact_hangs_below_its_handler_and_a_command_below_the_root() -> None:
    telemetry = Telemetry("test")
    with telemetry.span("order"):
        root = current_traceparent()
        cause = opened(COMMAND.address, sealer().first(COMMAND).headers)
    with telemetry.span("handle", parent=cause.traceparent):
        here = current_traceparent()
        fact, command = (opened(out.address, out.headers) for out in sealer().following(cause, [FACT, COMMAND]))
    assert root is not None
    assert (fact.traceparent, fact.root) == (here, root)
    assert (command.traceparent, command.root) == (root, root)
    assert here is not None
    assert here.split("-")[1] == root.split("-")[1]


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        (None, "header ce-id is missing"),
        ({"ce-id": "1"}, "header ce-time must be an RFC 3339 time"),
        ({"ce-id": "1", "ce-time": "yesterday"}, "header ce-time must be an RFC 3339 time"),
        ({"ce-id": "1", "ce-time": "2026-01-01T00:00:00Z"}, "header ce-source is missing"),
    ],
)
def test_an_envelope_that_cannot_be_read_is_malformed(headers: dict[str, str] | None, problem: str) -> None:
    with pytest.raises(MalformedMessage, match=problem):
        opened("evt.x.y.z.v1.k", headers)


def test_an_outside_publisher_needs_three_headers_in_any_case() -> None:
    envelope = opened("evt.x.y.z.v1.k", {"CE-ID": "1", "CE-Time": "2026-01-01T00:00:00Z", "Ce-Source": "me"})
    assert (envelope.id, envelope.source, envelope.type) == ("1", "me", "evt.x.y.z.v1")
