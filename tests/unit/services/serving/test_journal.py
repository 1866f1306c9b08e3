import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from threading import Event
from typing import Any

import pytest

from contracts.asked import AskedRows
from contracts.ids import ModelVersionId
from contracts.serving import PredictionsLogged
from infra.objects import Objects, ObjectsUnavailable
from infra.objects.store import open_objects
from services.serving.journal import Journal
from services.serving.keeper import Asked, Keeper
from tests.builders.bus import MemoryBus
from tests.builders.served import ROW
from tests.builders.tokens import NOW

ONE = Asked([dict(ROW)], of=1, size=100)


class Store:
    """A store that counts what it is asked to create."""

    def __init__(self, error: Exception | None = None, until: Event | None = None) -> None:
        self.asked = 0
        self._error = error
        self._until = until

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        self.asked += 1
        if self._until is not None:
            self._until.wait(30)
        if self._error is not None:
            raise self._error
        return True


@pytest.fixture
def objects() -> Objects:
    return open_objects("memory://")


def logged(number: int = 1, rows: int = 1) -> PredictionsLogged:
    return PredictionsLogged(
        name="penguins",
        prediction_id=f"pred-{number}",
        model_version_id=ModelVersionId("model-1"),
        rows=rows,
        seconds=0.1,
        caller="ana",
        answered_at=NOW,
    )


@asynccontextmanager
async def writing(journal: Journal) -> AsyncIterator[None]:
    task = asyncio.create_task(journal.run())
    yield
    await journal.drain(10)
    task.cancel()


async def said(bus: MemoryBus) -> list[tuple[str, str | None]]:
    facts = [fact.message async for fact in bus.facts(stop_when_idle=True)]
    return [(fact.prediction_id, fact.asked) for fact in facts if isinstance(fact, PredictionsLogged)]


def keeper(store: Any, **settings: Any) -> Keeper:
    return Keeper(store, **settings)


async def test_what_was_asked_is_kept_as_it_was_before_the_fact_names_it(objects: Objects) -> None:
    bus = MemoryBus()
    journal = Journal(bus, Keeper(objects))
    rows = [{**ROW, "flipper": 190, "tagged": None, "bill length": 41.5}]
    async with writing(journal):
        journal.note(logged(), Asked(rows, of=300, size=100))
    assert await said(bus) == [("pred-1", "asked/pred-1.json")]
    kept = AskedRows.model_validate_json(objects.read("asked/pred-1.json"))
    assert (kept.model_version_id, kept.rows, kept.of) == ("model-1", tuple(rows), 300)
    assert type(kept.rows[0]["flipper"]) is int


async def test_facts_keep_their_order(objects: Objects) -> None:
    bus = MemoryBus()
    journal = Journal(bus, Keeper(objects))
    async with writing(journal):
        for number in range(40):
            journal.note(logged(number), ONE)
    assert [id_ for id_, _ in await said(bus)] == [f"pred-{number}" for number in range(40)]


async def test_while_many_facts_wait_nothing_is_kept(objects: Objects) -> None:
    bus = MemoryBus()
    journal = Journal(bus, Keeper(objects), most=4)
    for number in range(4):
        journal.note(logged(number), ONE)
    async with writing(journal):
        pass
    assert [asked is not None for _, asked in await said(bus)] == [True, True, True, False]


async def test_without_a_keeper_nothing_is_kept() -> None:
    bus = MemoryBus()
    journal = Journal(bus)
    async with writing(journal):
        journal.note(logged(), ONE)
    assert await said(bus) == [("pred-1", None)]


async def test_while_the_store_is_away_facts_are_said_all_the_same_and_it_is_left_in_peace() -> None:
    now = 100.0
    bus, store = MemoryBus(), Store(ObjectsUnavailable("away"))
    kept = keeper(store, clock=lambda: now)
    journal = Journal(bus, kept)
    async with writing(journal):
        journal.note(logged(1), ONE)
    async with writing(journal):
        journal.note(logged(2), ONE)
    assert await said(bus) == [("pred-1", None), ("pred-2", None)]
    assert (store.asked, kept.unkept) == (1, 2)
    now = 111.0
    async with writing(journal):
        journal.note(logged(3), ONE)
    assert store.asked == 2


async def test_a_store_that_hangs_holds_no_fact_up() -> None:
    bus, there = MemoryBus(), Event()
    journal = Journal(bus, keeper(Store(until=there), patience=0.01))
    async with writing(journal):
        journal.note(logged(), ONE)
    assert await said(bus) == [("pred-1", None)]
    there.set()


async def test_what_waits_to_be_kept_is_bounded(objects: Objects) -> None:
    bus, kept = MemoryBus(), Keeper(objects)
    journal = Journal(bus, kept, most_bytes=150)
    for number in range(3):
        journal.note(logged(number), ONE)
    async with writing(journal):
        pass
    async with writing(journal):
        journal.note(logged(3), ONE)
    assert await said(bus) == [
        ("pred-0", "asked/pred-0.json"), ("pred-1", None), ("pred-2", None), ("pred-3", "asked/pred-3.json"),
    ]  # fmt: skip
    assert kept.unkept == 2
