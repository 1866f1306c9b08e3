"""One subscription for each process, and one message for each page and tick, encoded once.

Everything here runs on the server's own loop, so nothing is locked.
"""

import asyncio
import contextvars
import json
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from contracts.errors import Unavailable
from contracts.plans import raced_folds
from contracts.vigil import Vigil
from infra.bus import Bus, Delivered
from infra.clock import Clock
from infra.history import HistoryUnreadable
from infra.logs import logger
from ui.web.figures.axis import board_axis
from ui.web.figures.best_so_far import best_columns
from ui.web.figures.fold_scores import fold_columns
from ui.web.figures.pareto import pareto_columns
from ui.web.projections.race import Race
from ui.web.projections.rows import milliseconds
from ui.web.projections.world import World

log = logger(__name__)

TICK = 0.2
"""Seconds between two messages to a page; what happens meanwhile goes together."""
BEAT = 4.0
"""Seconds between two signs of life to a page."""
LOOK = 1.0
"""Seconds between two looks at whether workers still give signs of life."""
_UNTIL_MENDED = 30.0
"""Seconds before archived facts that could not be read are read again."""


class Schedules(Protocol):
    """What the hub needs of a Bokeh document."""

    def add_next_tick_callback(self, callback: Callable[[], None]) -> object:
        """Run ``callback`` under the document's lock."""


class Viewer:
    """One page that is open in a browser."""

    def __init__(
        self,
        document: Schedules,
        tell: Callable[[dict[str, Any]], None],
        connected: Callable[[], bool] = lambda: True,
    ) -> None:
        """``connected`` says whether the browser is there: Bokeh keeps a page for a while after it has gone."""
        self.document = document
        self.tell = tell
        self.connected = connected
        self.race: str | None = None
        self.pending = False
        self.stale = False


class Hub:
    """The world as the facts tell it, and who looks at it."""

    def __init__(
        self, clock: Clock, tick: float = TICK, look: float = LOOK, ticking: Callable[[], float] = time.monotonic
    ) -> None:
        """``ticking`` returns seconds of a clock that never goes back, nor on while the machine sleeps."""
        self._clock = clock
        self._tick = tick
        self._look = look
        self._ticking = ticking
        self._vigil = Vigil(ticking())
        self._world = World()
        self._viewers: set[Viewer] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._problem: str | None = None
        self.live = False
        """Whether facts are being heard."""

    def start(self, bus: Bus) -> None:
        """Follow the bus from its first fact on.

        The tasks get a context of their own: one that was inherited from a session would make every later callback run
        for that session.
        """
        loop = asyncio.get_running_loop()
        clean = contextvars.Context()
        self._tasks = [
            loop.create_task(follow(bus), context=clean)
            for follow in (self._follow_facts, self._follow_signs, self._beat, self._watch)
        ]

    async def stop(self) -> None:
        """Hear and tell no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._timer is not None:
            self._timer.cancel()

    def enter(self, viewer: Viewer, race: str | None) -> None:
        """Show the world, and ``race`` in detail, to a page; entering again is to ask for everything again."""
        viewer.race = race
        self._viewers.add(viewer)
        self._tell(viewer, self._snapshot(viewer))

    def leave(self, viewer: Viewer) -> None:
        """Forget a page that was closed."""
        self._viewers.discard(viewer)

    async def _follow_facts(self, bus: Bus) -> None:
        while True:
            try:
                self._world = World()  # the story begins again with its first fact
                async for delivered in bus.facts():
                    self._take(delivered)
            except Unavailable:
                await asyncio.sleep(1)
            except HistoryUnreadable as error:
                log.error("facts cannot be read", error=str(error))
                self._problem, self.live = str(error), False
                await asyncio.sleep(_UNTIL_MENDED)
                self._problem = None

    async def _follow_signs(self, bus: Bus) -> None:
        while True:
            with suppress(Unavailable):
                async for delivered in bus.signs():
                    self._take(delivered)
            await asyncio.sleep(1)

    async def _beat(self, bus: Bus) -> None:
        while True:
            self.live = await _answers(bus) and self._problem is None
            beat = json.dumps({"link": self._link()})
            for viewer in tuple(self._viewers):
                self._offer(viewer, [beat])
            await asyncio.sleep(BEAT)

    async def _watch(self, _bus: Bus) -> None:
        while True:
            await asyncio.sleep(self._look)
            if self._world.look(self._vigil.silent_for(self._ticking()), milliseconds(self._clock())):
                self._schedule()

    def _take(self, delivered: Delivered) -> None:
        self._vigil.hear(delivered.message, self._ticking())
        self._world.apply(delivered)
        self._wake()

    def _wake(self) -> None:
        self.live = self._problem is None
        self._schedule()

    def _schedule(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._tick, self._flush)

    def _flush(self) -> None:
        self._timer = None
        rows, races = self._world.take_changes()
        told = json.dumps({"rows": rows, "link": self._link()}) if rows else None
        looked_at = races.intersection(viewer.race for viewer in self._viewers if viewer.race)
        details = {race: json.dumps({"race": _told(self._world.races[race])}) for race in looked_at}
        for viewer in tuple(self._viewers):
            parts = [part for part in (told, details.get(viewer.race or "")) if part is not None]
            if parts:
                self._offer(viewer, parts)

    def _offer(self, viewer: Viewer, parts: list[str]) -> None:
        """Send to a page that has taken its last message; to a slower one, everything anew once it has."""
        if viewer.pending or not viewer.connected():
            viewer.stale = True
            return
        viewer.pending = True
        viewer.document.add_next_tick_callback(partial(self._deliver, viewer, parts))

    def _deliver(self, viewer: Viewer, parts: list[str]) -> None:
        viewer.pending = False
        if viewer not in self._viewers:
            return
        if viewer.stale:
            viewer.stale = False
            parts = self._snapshot(viewer)
        self._tell(viewer, parts)

    def _tell(self, viewer: Viewer, parts: list[str]) -> None:
        viewer.tell({"parts": parts})

    def _snapshot(self, viewer: Viewer) -> list[str]:
        race = self._world.races.get(viewer.race or "")
        return [
            json.dumps({"rows": self._world.all_rows(), "whole": True, "link": self._link()}),
            json.dumps({"race": _told(race) if race else None}),
        ]

    def _link(self) -> dict[str, Any]:
        return {"live": self.live, "now": milliseconds(self._clock()), "problem": self._problem}


async def _answers(bus: Bus) -> bool:
    """Return whether the bus can be read now."""
    try:
        async with asyncio.timeout(3):
            async for _ in bus.facts(replay=False, stop_when_idle=True):
                pass
    except (Unavailable, TimeoutError):
        return False
    return True


def _told(race: Race) -> dict[str, Any]:
    """Return a race with the columns of its figures."""
    detail = race.detail()
    figures = {
        "axis": board_axis(detail["board"]),
        "fold_scores": fold_columns(detail["board"], raced_folds(race.plan)),
        "best_so_far": best_columns(detail.pop("best"), (detail["last"] - detail["started"]) / 1000),
        "pareto": pareto_columns(detail["board"]),
    }
    return detail | {"figures": figures}
