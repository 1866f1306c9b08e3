"""The event path: a fact is published, a handler with a state of its own hears it and states the next fact.

The other side is the same round over bare nats-py: publish, pull, publish, acknowledge; no contract, no envelope, no
state. Both run against one nats-server that syncs every message, one round at a time.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import nats
from nats.js.api import AckPolicy, ConsumerConfig
from sqlalchemy import MetaData

from contracts.ids import CandidateId, ExperimentId, FitId
from contracts.message import Message
from contracts.streams import EVENTS
from contracts.training import ExperimentCancelled, ExperimentCompleted, ExperimentStarted, FitCompleted, FitFailed
from infra.bus import Handler
from infra.bus.client import connect
from infra.bus.streams import provision
from infra.service import Service
from infra.settings import StateSettings
from infra.telemetry import Telemetry
from tests.builders.nats import NatsServer
from tests.builders.service import running

ROUNDS = 300
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def measure() -> dict[str, float]:
    """Return the median round over the bus as a multiple of the median round over bare nats-py."""
    with tempfile.TemporaryDirectory() as folder:
        server = NatsServer(Path(folder), sync_always=True)
        server.start()
        try:
            return asyncio.run(_ratios(server, Path(folder)))
        finally:
            server.kill()


async def _ratios(server: NatsServer, folder: Path) -> dict[str, float]:
    await provision(server.url)
    bare = await _bare(server)
    ours = await _ours(server, folder)
    return {
        "event_path_to_bare_nats": round(ours / bare, 2),
        "event_path_milliseconds": round(ours * 1000, 3),
        "bare_nats_milliseconds": round(bare * 1000, 3),
    }


async def _ours(server: NatsServer, folder: Path) -> float:
    settings = StateSettings(nats_url=server.url, process="evaluation", state_url=f"sqlite:///{folder}/state.db")
    bus = await connect(server.url, None, "bench", Telemetry("bench"))
    async with running(_EVALUATION, settings):
        answers = bus.facts(ExperimentCompleted, replay=False)
        # The follower has to be there before the first round.
        next_answer = asyncio.ensure_future(anext(answers))

        async def round_trip(number: int) -> None:
            nonlocal next_answer
            await bus.publish(_failure(number))
            await next_answer
            next_answer = asyncio.ensure_future(anext(answers))

        median = await _median(round_trip)
        next_answer.cancel()
        await asyncio.gather(next_answer, return_exceptions=True)
    await bus.close()
    return median


async def _bare(server: NatsServer) -> float:
    client = await nats.connect(server.url)
    stream = client.jetstream()
    config = ConsumerConfig(ack_policy=AckPolicy.EXPLICIT, filter_subject="evt.bench.in.x.v1.k")
    heard = await stream.pull_subscribe("evt.bench.in.x.v1.k", durable="bare", stream=EVENTS, config=config)
    answer = await client.subscribe("evt.bench.out.x.v1.k")
    data = _failure(0).model_dump_json().encode()

    async def handle() -> None:
        while True:
            (message,) = await heard.fetch(1, timeout=30)
            await stream.publish("evt.bench.out.x.v1.k", message.data)
            await message.ack()

    handling = asyncio.create_task(handle())

    async def round_trip(_number: int) -> None:
        await stream.publish("evt.bench.in.x.v1.k", data)
        await answer.next_msg(timeout=30)

    median = await _median(round_trip)
    handling.cancel()
    await asyncio.gather(handling, return_exceptions=True)
    await client.close()
    return median


async def _median(round_trip: Callable[[int], Awaitable[None]]) -> float:
    seconds = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        await round_trip(number)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[ROUNDS // 10 :])


def _complete(event: FitFailed) -> list[Message]:
    completed = ExperimentCompleted(
        experiment_id=event.experiment_id, fits_completed=0, fits_failed=event.fold, completed_at=NOW
    )
    return [completed]


def _ignore(_event: Message) -> list[Message]:
    return []


def _failure(fold: int) -> FitFailed:
    return FitFailed(
        experiment_id=ExperimentId("exp-1"),
        fit_id=FitId(f"fit-{fold}"),
        plan_digest="0" * 64,
        candidate=CandidateId("lr"),
        fold=fold,
        reason="Singular",
        detail="",
        completed_at=NOW,
    )


_EVALUATION = Service(
    role="evaluation",
    handlers={
        ExperimentStarted: Handler(_ignore),
        FitCompleted: Handler(_ignore),
        FitFailed: Handler(_complete),
        ExperimentCompleted: Handler(_ignore),
        ExperimentCancelled: Handler(_ignore),
    },
    tables=MetaData(),
)
