"""A storm: whatever the platform runs is killed, again and again, while it works."""

import asyncio
import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from signal import SIGKILL
from statistics import median
from time import monotonic

from contracts.training import FitCompleted, FitFailed
from infra.bus import Bus
from tests.builders.platform import RunningPlatform

LONGEST_STANDSTILL = 60.0
"""Seconds in which a race has to go on after anything was killed."""
_MOST_OUTCOMES_BETWEEN = 3
_SELDOM = ("warm", "mlflow")
"""Processes that take long to start: killed as often as the others, they would hardly ever run."""


@dataclass(frozen=True)
class Kill:
    """One process killed."""

    victim: str
    at: float


Choose = Callable[[Random, Sequence[str]], str | None]
"""Names who is killed next of those that live; None if nobody is."""


def anybody(random: Random, alive: Sequence[str]) -> str | None:
    """Choose any process of the platform."""
    weights = [1 if name in _SELDOM else 4 for name in alive]
    return random.choices(alive, weights)[0]


class InTurn:
    """Chooses among kinds of processes, such as ``training-worker-``: each as often as the others, in random order."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self.kinds = kinds
        self._left: list[str] = []

    def __call__(self, random: Random, alive: Sequence[str]) -> str | None:
        """Choose one of the next kind that lives."""
        self._left = self._left or random.sample(self.kinds, len(self.kinds))
        for kind in self._left:
            if found := [name for name in alive if self.is_of(name, kind)]:
                self._left.remove(kind)
                return random.choice(found)
        return None

    @staticmethod
    def is_of(name: str, kind: str) -> bool:
        """Return whether a process is of a kind; one that ends in a dash has many of it."""
        return name.startswith(kind) if kind.endswith("-") else name == kind


class Storm:
    """Kills at random; its pace is the race's: up to so many fits have an outcome between two kills, often none."""

    def __init__(
        self, running: RunningPlatform, seed: int, choose: Choose = anybody, longest_pause: float = 0.0
    ) -> None:
        """``longest_pause`` is how many seconds at most pass between an outcome and the kill that follows it."""
        self._running = running
        self._choose = choose
        self._longest_pause = longest_pause
        self.seed = seed
        self._random = Random(seed)
        self._news = asyncio.Condition()
        self.kills: list[Kill] = []
        self.outcomes: list[float] = []
        """When each outcome of a fit was heard."""
        self.over = False

    async def listen(self, bus: Bus) -> None:
        """Hear the outcomes of fits, for ever."""
        async for _ in bus.facts(FitCompleted, FitFailed, replay=False):
            async with self._news:
                self.outcomes.append(monotonic())
                self._news.notify_all()

    async def progress(self, outcomes: int) -> None:
        """Wait until so many more fits have an outcome, or the storm is over."""
        wanted = len(self.outcomes) + outcomes
        async with self._news:
            await self._news.wait_for(lambda: len(self.outcomes) >= wanted or self.over)

    async def watch(self, races: Collection["asyncio.Task[None]"]) -> None:
        """Fail if, before all races are over, they stand still for longer than they may; then the storm is over too."""
        while any(not race.done() for race in races):
            before = len(self.outcomes)
            _, racing = await asyncio.wait(races, timeout=LONGEST_STANDSTILL)
            assert not racing or len(self.outcomes) > before, f"stuck: no outcome for {LONGEST_STANDSTILL:g} s"
        await self._end()

    async def rage(self, kills: int) -> None:
        """Kill so many times, or fewer if the races are over before."""
        while len(self.kills) < kills and not self.over:
            await self.progress(self._random.randint(0, _MOST_OUTCOMES_BETWEEN))
            await asyncio.sleep(self._random.uniform(0, self._longest_pause))
            self._kill_one()
        await self.progress(1)
        await self._end()

    def standstills(self) -> list[tuple[float, str]]:
        """Return for each kill how many seconds passed until the next outcome of a fit, and who was killed."""
        found = []
        for kill in self.kills:
            following = bisect_left(self.outcomes, kill.at)
            found.append((self.outcomes[following] - kill.at, kill.victim))
        return found

    def seconds(self) -> float:
        """Return how long it stormed, from the first kill to the last."""
        return self.kills[-1].at - self.kills[0].at

    async def _end(self) -> None:
        async with self._news:
            self.over = True
            self._news.notify_all()

    def _kill_one(self) -> None:
        platform = self._running.platform()
        assert platform is not None, self._running.output()
        alive = {name: process.pid for name, process in platform.processes.items() if process.pid is not None}
        victim = self._choose(self._random, list(alive))
        if victim is None:
            return
        try:
            os.kill(alive[victim], SIGKILL)
        except ProcessLookupError:
            return  # it is dead already, and its supervisor has not written so yet
        self.kills.append(Kill(victim, monotonic()))


def tally(counts: Mapping[str, int]) -> str:
    """Return counts as words, the most frequent first."""
    return ", ".join(f"{name} {count:,}" for name, count in Counter(counts).most_common())


def describe(standstills: Iterable[tuple[float, str]]) -> str:
    """Return how long races stood still after a kill, as words."""
    seconds = list(standstills)
    longest, victim = max(seconds)
    return f"median {median(second for second, _ in seconds):.1f} s, longest {longest:.1f} s (after {victim})"
