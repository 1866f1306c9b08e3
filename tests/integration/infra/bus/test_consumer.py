"""A role on a real nats-server: what it is given, what it says, and what happens when it fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from contracts.errors import Unavailable
from contracts.ids import CandidateId, ExperimentId, FitId
from contracts.message import Message
from contracts.streams import DEAD
from contracts.training import (
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
)
from infra.bus import Handler, Patience
from infra.bus.client import NatsBus
from infra.bus.outbox import TABLES as OUTBOX_TABLES
from infra.bus.rebuild import rebuild
from infra.service import Service
from infra.settings import StateSettings
from infra.state import State, Transaction
from tests.builders.asking import eventually
from tests.builders.nats import NatsServer
from tests.builders.service import running as run_service

TABLES = MetaData()
COUNTED = Table("counted", TABLES, Column("fit_id", String), Column("n", Integer, primary_key=True))
EXPERIMENT = "exp-1"


class Counted:
    """A store that notes each fit it is told of, as often as it is told."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, fit_id: str) -> None:
        self._transaction.execute(insert(COUNTED).values(fit_id=fit_id))

    def all(self) -> list[str]:
        return [row.fit_id for row in self._transaction.execute(select(COUNTED).order_by(COUNTED.c.n))]


def a_failure(fold: int) -> FitFailed:
    return FitFailed(
        experiment_id=ExperimentId(EXPERIMENT),
        fit_id=FitId(f"fit-{fold}"),
        plan_digest="0" * 64,
        candidate=CandidateId("lr"),
        fold=fold,
        reason="Singular",
        detail="",
        completed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def a_completion(fits_failed: int) -> ExperimentCompleted:
    return ExperimentCompleted(
        experiment_id=ExperimentId(EXPERIMENT),
        fits_completed=0,
        fits_failed=fits_failed,
        completed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def ignore(_message: Message, **_ports: Any) -> list[Message]:
    return []


def evaluation(on_fit_failed: Handler, patience: Patience | None = None) -> Service:
    return Service(
        role="evaluation",
        handlers={
            ExperimentStarted: Handler(ignore),
            FitCompleted: Handler(ignore),
            FitFailed: on_fit_failed,
            ExperimentCompleted: Handler(ignore),
            ExperimentCancelled: Handler(ignore),
        },
        tables=TABLES,
        patience=patience or Patience(first_delay=0.01),
    )


@asynccontextmanager
async def running(service: Service, server: NatsServer, folder: Path) -> AsyncIterator[None]:
    url = f"sqlite:///{folder}/{service.role}.db"
    async with run_service(service, StateSettings(nats_url=server.url, process=service.role, state_url=url)):
        yield


async def test_what_a_handler_returns_is_published_once_and_in_its_cause_s_story(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    def complete(event: FitFailed, counted: Counted) -> list[Message]:
        counted.add(event.fit_id)
        return [a_completion(event.fold)]

    async with running(evaluation(Handler(complete, stores={"counted": Counted})), nats_server, tmp_path):
        await bus.publish(a_failure(3))
        async for fact in bus.facts(ExperimentCompleted):
            assert fact.message == a_completion(3)
            assert fact.envelope.source == "evaluation"
            assert fact.envelope.correlation_id == fact.envelope.causation_id
            break


async def test_facts_are_handled_in_stream_order_even_when_one_must_be_tried_again(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    tries: list[int] = []

    def stumble(event: FitFailed, counted: Counted) -> list[Message]:
        tries.append(event.fold)
        if event.fold == 0 and tries.count(0) < 3:
            raise Unavailable("not yet")
        counted.add(event.fit_id)
        return [a_completion(event.fold)]

    for fold in range(4):
        await bus.publish(a_failure(fold))
    async with running(evaluation(Handler(stumble, stores={"counted": Counted})), nats_server, tmp_path):
        seen = []
        async for fact in bus.facts(ExperimentCompleted):
            assert isinstance(fact.message, ExperimentCompleted)
            seen.append(fact.message.fits_failed)
            if len(seen) == 4:
                break
    assert seen == [0, 1, 2, 3]
    assert tries == [0, 0, 0, 1, 2, 3]


@pytest.mark.parametrize(("error", "tries"), [(Unavailable("away"), 5), (ValueError("a bug"), 2)])
async def test_what_cannot_be_handled_becomes_a_dead_letter_with_reason_and_original(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path, error: Exception, tries: int
) -> None:
    seen: list[FitFailed] = []

    def fail(event: FitFailed) -> list[Message]:
        seen.append(event)
        raise error

    async with running(evaluation(Handler(fail)), nats_server, tmp_path):
        await bus.publish(a_failure(0))
        letter = await dead(bus)
    assert FitFailed.parse(letter.data) == a_failure(0)
    assert str(error) in letter.headers["trackside-dead-reason"]
    assert letter.headers["trackside-dead-subject"] == a_failure(0).address
    assert len(seen) == tries


async def test_bytes_that_no_contract_describes_are_dead_at_once(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    async with running(evaluation(Handler(ignore)), nats_server, tmp_path):
        await bus._client.jetstream().publish(
            f"{FitFailed.subject}.exp-1", b"{}", headers={"ce-id": "1", "ce-source": "x", "ce-time": "2026-01-01"}
        )
        letter = await dead(bus)
    assert "fit_id: Field required" in letter.headers["trackside-dead-reason"]


async def test_a_lost_state_is_rebuilt_from_the_stream_and_nothing_is_said_twice(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    def complete(event: FitFailed, counted: Counted) -> list[Message]:
        counted.add(event.fit_id)
        return [a_completion(event.fold)]

    service = evaluation(Handler(complete, stores={"counted": Counted}))
    async with running(service, nats_server, tmp_path):
        for fold in range(3):
            await bus.publish(a_failure(fold))
        await eventually(lambda: told(bus, 3))
    lose_state(tmp_path)
    async with running(service, nats_server, tmp_path):
        await bus.publish(a_failure(3))
        await eventually(lambda: told(bus, 4))
    with open_state(tmp_path).transaction() as transaction:
        assert Counted(transaction).all() == ["fit-0", "fit-1", "fit-2", "fit-3"]


async def test_a_rebuild_that_was_broken_off_begins_anew(bus: NatsBus, nats_server: NatsServer, tmp_path: Path) -> None:
    def count(event: FitFailed, counted: Counted) -> list[Message]:
        counted.add(event.fit_id)
        return [a_completion(event.fold)]

    def break_off(event: FitFailed, counted: Counted) -> list[Message]:
        if event.fold == 1:
            raise KeyboardInterrupt
        return count(event, counted)

    async def rebuilt(function: Callable[..., list[Message]]) -> None:
        service = evaluation(Handler(function, stores={"counted": Counted}))
        state = State(f"sqlite:///{tmp_path}/evaluation.db", TABLES, OUTBOX_TABLES)
        await rebuild(bus._client, bus, service.role, state, service.handlers, service.recalls)

    async with running(evaluation(Handler(count, stores={"counted": Counted})), nats_server, tmp_path):
        for fold in range(3):
            await bus.publish(a_failure(fold))
        await eventually(lambda: told(bus, 3))
    lose_state(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        await rebuilt(break_off)
    await rebuilt(count)
    with open_state(tmp_path).transaction() as transaction:
        # The third was told, but maybe not acknowledged yet; then its durable brings it.
        assert Counted(transaction).all()[:2] == ["fit-0", "fit-1"]


async def test_a_service_goes_on_where_it_was_when_nats_server_was_killed(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    def complete(event: FitFailed) -> list[Message]:
        return [a_completion(event.fold)]

    async with running(evaluation(Handler(complete)), nats_server, tmp_path):
        await bus.publish(a_failure(0))
        await eventually(lambda: told(bus, 1))
        nats_server.kill()
        nats_server.start()
        await eventually(lambda: published(bus, a_failure(1)))
        await eventually(lambda: told(bus, 2))


async def told(bus: NatsBus, count: int) -> bool:
    facts = [fact async for fact in bus.facts(ExperimentCompleted, stop_when_idle=True)]
    assert len(facts) <= count
    return len(facts) == count


async def published(bus: NatsBus, message: Message) -> bool:
    try:
        await bus.publish(message)
    except Unavailable:
        return False
    return True


def lose_state(folder: Path) -> None:
    for file in folder.glob("evaluation.db*"):
        file.unlink()


def open_state(folder: Path) -> State:
    return State(f"sqlite:///{folder}/evaluation.db", TABLES)


async def dead(bus: NatsBus) -> Any:
    subscription = await bus._client.jetstream().subscribe("dead.>", stream=DEAD, ordered_consumer=True)
    return await subscription.next_msg(timeout=20)


async def test_a_service_that_is_stopped_while_it_starts_ends(nats_server: NatsServer, tmp_path: Path) -> None:
    for _ in range(20):
        async with asyncio.timeout(20), running(evaluation(Handler(ignore)), nats_server, tmp_path):
            pass
