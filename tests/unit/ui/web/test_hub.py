"""One subscription for all pages, one message for each page and tick."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from contracts.ids import ExperimentId
from contracts.message import Event
from contracts.training import FitInHand
from infra.bus import Delivered
from infra.history import HistoryOutOfReach
from tests.builders import a_dataset_version, a_fit_completed, an_experiment_started
from tests.builders.asking import eventually
from tests.builders.bus import MemoryBus
from tests.builders.messages import CANDIDATES, EXPERIMENT, NOON
from ui.web.hub import Hub, Viewer

TICK = 0.01


class Browser:
    """A page whose document runs callbacks when the test says so."""

    def __init__(self) -> None:
        self.messages: list[list[dict[str, Any]]] = []
        self.waiting: list[Callable[[], None]] = []
        self.held = False
        self.viewer = Viewer(self, self.take)

    def add_next_tick_callback(self, callback: Callable[[], None]) -> None:
        self.waiting.append(callback)
        if not self.held:
            self.release()

    def release(self) -> None:
        waiting, self.waiting = self.waiting, []
        for callback in waiting:
            callback()

    def take(self, message: dict[str, Any]) -> None:
        self.messages.append([json.loads(part) for part in message["parts"]])

    def latest(self, kind: str) -> Any:
        parts = [part for message in self.messages for part in message if kind in part]
        return parts[-1][kind] if parts else None

    def count(self, kind: str) -> int:
        return sum(kind in part for message in self.messages for part in message)


@asynccontextmanager
async def a_hub(bus: MemoryBus) -> AsyncIterator[Hub]:
    hub = Hub(lambda: NOON, tick=TICK)
    hub.start(bus)
    try:
        yield hub
    finally:
        await hub.stop()


async def until(condition: Callable[[], object]) -> None:
    async def asked() -> bool:
        return bool(condition())

    await eventually(asked, seconds=5)


async def test_a_page_that_opens_late_sees_the_whole_story() -> None:
    bus, browser = MemoryBus(), Browser()
    await bus.say(an_experiment_started())
    await bus.say(a_fit_completed())
    async with a_hub(bus) as hub:
        await until(lambda: hub.live)
        await asyncio.sleep(0)
        hub.enter(browser.viewer, EXPERIMENT)
        assert browser.latest("rows")["experiments"][0]["done"] == 1
        assert browser.latest("race")["id"] == EXPERIMENT


async def test_what_happens_within_a_tick_goes_in_one_message() -> None:
    bus, browser = MemoryBus(), Browser()
    await bus.say(an_experiment_started())
    async with a_hub(bus) as hub:
        await until(lambda: hub.live)
        hub.enter(browser.viewer, EXPERIMENT)
        before = browser.count("race")
        for fold in range(2):
            await bus.say(a_fit_completed(fold=fold))
        await until(lambda: browser.latest("race")["done"] == 2)
        assert browser.count("race") == before + 1


async def test_a_race_in_detail_goes_only_to_who_looks_at_it() -> None:
    bus, browser = MemoryBus(), Browser()
    await bus.say(an_experiment_started())
    async with a_hub(bus) as hub:
        await until(lambda: hub.live)
        hub.enter(browser.viewer, None)
        await bus.say(a_fit_completed())
        await until(lambda: browser.latest("rows")["experiments"][0]["done"] == 1)
        assert browser.latest("race") is None


async def test_a_slow_page_gets_everything_anew_and_no_queue() -> None:
    bus, browser = MemoryBus(), Browser()
    await bus.say(an_experiment_started())
    async with a_hub(bus) as hub:
        await until(lambda: hub.live)
        hub.enter(browser.viewer, EXPERIMENT)
        browser.held = True
        await bus.say(a_dataset_version())
        await until(lambda: browser.waiting)
        await bus.say(a_fit_completed())
        await until(lambda: browser.viewer.stale)
        assert len(browser.waiting) == 1
        browser.release()
        assert browser.messages[-1][0]["whole"] is True
        assert browser.latest("race")["done"] == 1


async def test_a_closed_page_is_told_no_more() -> None:
    bus, closed, other = MemoryBus(), Browser(), Browser()
    async with a_hub(bus) as hub:
        hub.enter(closed.viewer, None)
        hub.enter(other.viewer, None)
        hub.leave(closed.viewer)
        told = len(closed.messages)
        await bus.say(a_dataset_version())
        await until(lambda: other.latest("rows").get("datasets"))
        assert len(closed.messages) == told


async def test_an_unknown_race_is_said_to_be_unknown() -> None:
    browser = Browser()
    async with a_hub(MemoryBus()) as hub:
        hub.enter(browser.viewer, "exp-9")
        assert browser.messages[-1][-1] == {"race": None}


async def test_pages_learn_that_the_bus_is_away() -> None:
    bus, browser = MemoryBus(), Browser()
    bus.away = True
    async with a_hub(bus) as hub:
        hub.enter(browser.viewer, None)
        await until(lambda: browser.count("link") > 1)
        assert browser.latest("link")["live"] is False


class ArchivedBus(MemoryBus):
    """A bus whose first facts have gone to an archive that cannot be read."""

    async def facts(
        self, *kinds: type[Event], key: str = "*", replay: bool = True, stop_when_idle: bool = False
    ) -> AsyncGenerator[Delivered, None]:
        if replay:
            raise HistoryOutOfReach(7)
        async for fact in super().facts(*kinds, key=key, replay=replay, stop_when_idle=stop_when_idle):
            yield fact


async def test_a_page_that_lacks_archived_facts_is_not_called_live() -> None:
    bus, browser = ArchivedBus(), Browser()
    async with a_hub(bus) as hub:
        hub.enter(browser.viewer, None)
        await until(lambda: browser.count("link") > 1)
        assert browser.latest("link")["live"] is False
        assert "facts up to 7" in browser.latest("link")["problem"]


async def test_a_page_shows_that_a_race_is_interrupted_and_that_it_goes_on() -> None:
    bus, browser, now = MemoryBus(), Browser(), 0.0
    await bus.say(an_experiment_started(started_at=NOON - timedelta(hours=1)))
    hub = Hub(lambda: NOON, tick=TICK, look=TICK, ticking=lambda: now)
    hub.start(bus)
    await until(lambda: hub.live)
    hub.enter(browser.viewer, EXPERIMENT)
    now = 12.0
    await until(lambda: browser.latest("race")["interrupted"])
    assert browser.latest("rows")["experiments"][0]["interrupted"]
    await bus.say(FitInHand(experiment_id=ExperimentId("exp-2"), candidate=CANDIDATES[0].id, fold=0, worker="w"))
    await until(lambda: not browser.latest("race")["interrupted"])
    await hub.stop()
