"""A client of the bus: commands are answered, questions too, and streams are read in order."""

import asyncio
from datetime import UTC, datetime

import pytest

from contracts.catalog import HEARS
from contracts.errors import Refusal
from contracts.evaluation import GetLeaderboard
from contracts.ids import ExperimentId, TriggerId
from contracts.message import Message
from contracts.scheduler import (
    ListTriggers,
    RemoveTrigger,
    SetTrigger,
    TriggerRefused,
    TriggerRemoved,
    Triggers,
    TriggerSet,
)
from contracts.training import ExperimentCancelled, ExperimentTemplate
from infra.bus import CommandRefused, Handler, QuestionRefused, Unanswered
from infra.bus.client import NatsBus, connect
from infra.service import Service
from infra.settings import ProcessSettings
from infra.telemetry import Telemetry
from tests.builders.nats import NatsServer
from tests.builders.service import running

TEMPLATE = ExperimentTemplate(target="species")


class NoTriggers(Refusal):
    """The question cannot be answered."""


def set_trigger(command: SetTrigger) -> list[Message]:
    return [TriggerSet(trigger_id=TriggerId(command.trigger_id), dataset=command.dataset, template=command.template)]


def remove_trigger(command: RemoveTrigger) -> list[Message]:
    return [
        TriggerRefused(
            trigger_id=TriggerId(command.trigger_id),
            reason="UnknownTrigger",
            cause="No such trigger.",
            cure="Set it first.",
        )
    ]


def list_triggers(question: ListTriggers) -> Triggers:
    if question.scope == "none":
        raise NoTriggers("There is none.", "Set one.")
    return Triggers(triggers=())


SILENT: dict[type[Message], Handler] = dict.fromkeys(HEARS["scheduler"], Handler(lambda message: []))
SCHEDULER = Service(
    role="scheduler",
    handlers={**SILENT, SetTrigger: Handler(set_trigger), RemoveTrigger: Handler(remove_trigger)},
    questions={ListTriggers: Handler(list_triggers)},
)


def settings(server: NatsServer) -> ProcessSettings:
    return ProcessSettings(nats_url=server.url, process="scheduler")


def a_cancellation(experiment_id: str) -> ExperimentCancelled:
    return ExperimentCancelled(
        experiment_id=ExperimentId(experiment_id),
        fits_completed=0,
        fits_failed=0,
        cancelled_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


async def test_a_command_is_answered_by_the_fact_that_follows_from_it(bus: NatsBus, nats_server: NatsServer) -> None:
    command = SetTrigger(trigger_id="t1", dataset="penguins", template=TEMPLATE)
    async with running(SCHEDULER, settings(nats_server)):
        answer = await bus.order(command, TriggerSet)
    assert answer == TriggerSet(trigger_id=TriggerId("t1"), dataset="penguins", template=TEMPLATE)


async def test_a_refusal_answers_with_cause_and_cure(bus: NatsBus, nats_server: NatsServer) -> None:
    async with running(SCHEDULER, settings(nats_server)):
        with pytest.raises(CommandRefused, match=r"No such trigger\. Set it first\."):
            await bus.order(RemoveTrigger(trigger_id="t2"), TriggerRemoved)


async def test_the_same_question_asked_twice_is_answered_twice(bus: NatsBus, nats_server: NatsServer) -> None:
    command = SetTrigger(trigger_id="t3", dataset="penguins", template=TEMPLATE)
    async with running(SCHEDULER, settings(nats_server)):
        assert await bus.order(command, TriggerSet) == await bus.order(command, TriggerSet)


async def test_a_command_that_nobody_answers_says_so_and_is_obeyed_later(bus: NatsBus, nats_server: NatsServer) -> None:
    command = SetTrigger(trigger_id="t4", dataset="penguins", template=TEMPLATE)
    with pytest.raises(Unanswered, match=r"cmd\.scheduler\.trigger\.set\.v1\.t4"):
        await bus.order(command, TriggerSet, seconds=0.2)
    async with running(SCHEDULER, settings(nats_server)):
        async for fact in bus.facts(TriggerSet, key="t4"):
            assert fact.message == TriggerSet(trigger_id=TriggerId("t4"), dataset="penguins", template=TEMPLATE)
            break


async def test_a_question_is_answered_or_refused_in_words(bus: NatsBus, nats_server: NatsServer) -> None:
    async with running(SCHEDULER, settings(nats_server)):
        await bus.order(SetTrigger(trigger_id="t5", dataset="penguins", template=TEMPLATE), TriggerSet)
        assert await bus.ask(ListTriggers()) == Triggers(triggers=())
        with pytest.raises(QuestionRefused, match=r"There is none\. Set one\."):
            await bus.ask(ListTriggers(scope="none"))


async def test_a_question_to_nobody_fails_at_once(bus: NatsBus) -> None:
    with pytest.raises(Unanswered):
        await bus.ask(GetLeaderboard(experiment_id="exp-1"))


async def test_facts_are_replayed_in_order_then_followed(bus: NatsBus) -> None:
    for number in range(600):
        await bus.publish(a_cancellation(f"exp-{number}"))
    seen: list[str] = []

    async def follow() -> None:
        async for fact in bus.facts(ExperimentCancelled):
            seen.append(fact.message.key)
            if len(seen) == 601:
                return

    following = asyncio.create_task(follow())
    await bus.publish(a_cancellation("exp-600"))
    await asyncio.wait_for(following, 20)
    assert seen == [f"exp-{number}" for number in range(601)]


async def test_a_follower_misses_nothing_when_nats_server_is_killed(bus: NatsBus, nats_server: NatsServer) -> None:
    seen: list[str] = []
    came = asyncio.Event()

    async def follow() -> None:
        async for fact in bus.facts(ExperimentCancelled):
            seen.append(fact.message.key)
            came.set()
            if len(seen) == 2:
                return

    following = asyncio.create_task(follow())
    await bus.publish(a_cancellation("before"))
    await asyncio.wait_for(came.wait(), 20)
    nats_server.kill()
    nats_server.start()
    await bus.publish(a_cancellation("after"))
    await asyncio.wait_for(following, 20)
    assert seen == ["before", "after"]


async def test_a_reader_that_asks_while_nats_server_is_away_reads_when_it_is_back(
    bus: NatsBus, nats_server: NatsServer
) -> None:
    await bus.publish(a_cancellation("before"))
    nats_server.kill()

    async def story() -> list[str]:
        return [fact.message.key async for fact in bus.facts(ExperimentCancelled, stop_when_idle=True)]

    reading = asyncio.create_task(story())
    nats_server.start()
    assert await asyncio.wait_for(reading, 20) == ["before"]


async def test_an_empty_story_ends_at_once(bus: NatsBus) -> None:
    assert [fact async for fact in bus.facts(key="nobody", stop_when_idle=True)] == []


async def test_closing_does_not_wait_for_a_reader_that_broke_off(nats_server: NatsServer) -> None:
    client = await connect(nats_server.url, None, "test", Telemetry("test"))
    for number in range(10):
        await client.publish(a_cancellation(f"exp-{number}"))
    readers = [client.facts(ExperimentCancelled) for _ in range(3)]
    for reader in readers:
        await anext(reader)
    async with asyncio.timeout(5):
        await client.close()
