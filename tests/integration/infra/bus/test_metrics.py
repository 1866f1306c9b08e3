"""What a role tells a collector about its work: real bus, real OTLP/HTTP."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.catalog import HEARS
from contracts.errors import Refusal
from contracts.evaluation import GetLeaderboard
from contracts.health import AskHealth
from contracts.ids import ExperimentId
from contracts.message import Message
from infra.bus import Bus, Handler, NotPermitted, Patience, QuestionRefused, Unanswered
from infra.bus.client import NatsBus, connect
from infra.bus.streams import provision
from infra.service import Service
from infra.settings import ProcessSettings
from infra.telemetry import Telemetry
from tests.builders.asking import eventually
from tests.builders.collector import Collector, collecting
from tests.builders.guarded import guarded
from tests.builders.messages import a_fit_completed
from tests.builders.nats import NatsServer
from tests.builders.service import running


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as started:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", started.url)
        yield started


def labels(**given: str) -> frozenset[tuple[str, str | int]]:
    return frozenset(given.items())


class NotNow(Refusal):
    """The question is not answered."""


def evaluation(outcomes: list[Exception | None]) -> Service:
    """A role whose handler of fits ends as ``outcomes`` say, one after the other."""

    def stumble(_message: Message) -> list[Message]:
        if error := outcomes.pop(0):
            raise error
        return []

    def ignore(_message: Message) -> list[Message]:
        return []

    handlers: dict[Any, Handler] = {kind: Handler(ignore) for kind in HEARS["evaluation"]}
    handlers[type(a_fit_completed())] = Handler(stumble)
    questions: dict[Any, Handler] = {GetLeaderboard: Handler(refuse)}
    return Service(role="evaluation", handlers=handlers, questions=questions, patience=Patience(first_delay=0.01))


def refuse(_question: Message) -> Message:
    raise NotNow("It is not the time.", "Ask another time.")


async def test_every_delivery_is_counted_by_how_it_ended_and_timed(
    bus: NatsBus, nats_server: NatsServer, collector: Collector
) -> None:
    outcomes: list[Exception | None] = [None, ValueError("a bug"), ValueError("a bug"), None]
    async with running(evaluation(outcomes), ProcessSettings(nats_url=nats_server.url, process="evaluation")):
        await bus.publish(a_fit_completed(fold=0))
        await bus.publish(a_fit_completed(fold=1))
        await bus.publish(a_fit_completed(fold=2))

        async def all_handled() -> bool:
            return not outcomes  # so the two before the last are done with

        await eventually(all_handled)
    found, of = collector.metrics(), {"role": "evaluation", "message": "FitCompleted"}
    counted = found["trackside.messages"]
    assert counted[labels(**of, outcome="retried")] == counted[labels(**of, outcome="dead")] == 1
    assert counted[labels(**of, outcome="handled")] >= 1
    assert found["trackside.message.duration"] == {labels(**of): sum(counted.values())}
    assert set(found["trackside.consumer.lag"]) == {labels(durable="evaluation-facts")}
    assert "trackside.bus.denied" not in found


async def test_a_question_is_counted_by_how_it_ended(
    bus: NatsBus, nats_server: NatsServer, collector: Collector
) -> None:
    async with running(evaluation([]), ProcessSettings(nats_url=nats_server.url, process="evaluation")):

        async def refused() -> bool:
            with suppress(Unanswered):
                await bus.ask(GetLeaderboard(experiment_id=ExperimentId("exp-1")))
            return False

        with pytest.raises(QuestionRefused):
            await eventually(refused)
    found, of = collector.metrics(), {"role": "evaluation", "question": "GetLeaderboard"}
    assert found["trackside.questions"] == {labels(**of, outcome="refused"): 1}
    assert found["trackside.question.duration"] == {labels(**of): 1}


async def test_a_denial_is_counted_and_told_by_the_health_of_who_was_denied(
    tmp_path: Path, collector: Collector
) -> None:
    with guarded(tmp_path / "home") as server:
        await provision(server.url, server.home.seed("provisioner"))
        settings = ProcessSettings(
            nats_url=server.url, nats_seed_file=server.home.seed("evaluation"), process="evaluation"
        )

        async def trespass(bus: Bus) -> None:
            # Not its own to say; and a process that ends what runs beside it ends itself, so it waits.
            with suppress(NotPermitted):
                await bus.publish(a_fit_completed())
            await asyncio.Event().wait()

        async with running(replace(evaluation([]), beside=trespass), settings):
            asking = await connect(server.url, server.home.seed("cli"), "cli", Telemetry("cli"))

            async def denied() -> bool:
                with suppress(Unanswered):
                    health = await asking.ask(AskHealth(process="evaluation"))
                    return health.denied == 1 and "evt.training.fit.completed" in str(health.last_denied)
                return False

            await eventually(denied)
            await asking.close()
    assert collector.metrics()["trackside.bus.denied"] == {labels(): 1}
