"""The same races on fresh platforms, under conditions that must not matter: workers, load, kills."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from contracts.evaluation import CandidateRetired, GetLeaderboard, Leaderboard
from contracts.message import Event
from contracts.training import ExperimentRefused, ExperimentStarted, ExperimentTemplate, FitCompleted, FitFailed
from tests.builders.aftermath import listening
from tests.builders.experiments import DATASET, outside
from tests.builders.platform import RunningPlatform
from tests.builders.results import of
from tests.builders.storm import LONGEST_STANDSTILL, InTurn, Storm
from tests.builders.traffic import Orders

RACERS = ("training-worker-", "training", "evaluation", "nats")
"""Kinds of processes that a race needs."""
_LONGEST_PAUSE = 0.2
_NICE = 10


@dataclass(frozen=True)
class Condition:
    """How a platform is run."""

    name: str
    workers: int = 2
    busy: int = 0
    """Processes beside it that only count."""
    kills: int = 0
    seed: int = 4


@dataclass(frozen=True)
class Ran:
    """What the races came to under one condition."""

    condition: Condition
    boards: Mapping[str, Leaderboard]
    """By race."""
    killed: Mapping[str, int]
    """Kills by kind of process."""
    seconds: float
    fits: int = 0
    """Fits that the plans owe: without those of candidates that were retired."""
    doubled: int = 0
    """Outcomes in the event stream of a fit that has one already."""
    lost: int = 0
    """Fits that are owed, without an outcome in the event stream."""
    failed: int = 0


def ran(condition: Condition, rows: Path, races: Mapping[str, ExperimentTemplate], folder: Path) -> Ran:
    """Run the races on a platform of their own in ``folder``, all at once."""
    folder.mkdir()
    running = RunningPlatform.start(folder / "home", "--workers", str(condition.workers))
    try:
        running.ready()
        with busy(condition.busy):
            return asyncio.run(_raced(condition, running, rows, races))
    finally:
        running.end()


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Let so many processes count, each as fast as it can, while the block runs.

    They are as nice as those that fit, which would otherwise get next to nothing beside them.
    """
    counting = f"import os; os.nice({_NICE})\nwhile True: pass"
    started = [subprocess.Popen([sys.executable, "-c", counting]) for _ in range(count)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


async def _raced(
    condition: Condition, running: RunningPlatform, rows: Path, races: Mapping[str, ExperimentTemplate]
) -> Ran:
    async with outside(running.ready("ui")) as there:
        await there.register(rows)
        orders = Orders(there)
        storm = Storm(running, condition.seed, InTurn(RACERS), _LONGEST_PAUSE)
        began = monotonic()
        async with listening(storm, there), asyncio.TaskGroup() as traffic:
            under_way = [traffic.create_task(orders.race(name, DATASET, races[name])) for name in races]
            traffic.create_task(storm.watch(under_way))
            if condition.kills:
                traffic.create_task(storm.rage(condition.kills))
        seconds = monotonic() - began
        stories = [await there.story(name) for name in races]
        refusals = [fact.cause for story in stories for fact in of(ExperimentRefused, story)]
        assert not refusals, refusals
        async with asyncio.timeout(LONGEST_STANDSTILL):
            boards = {name: await there.bus.ask(GetLeaderboard(experiment_id=name)) for name in races}
    kinds = Counter(next(kind for kind in RACERS if InTurn.is_of(kill.victim, kind)) for kill in storm.kills)
    return _counted(Ran(condition, boards, kinds, seconds), stories)


def _counted(run: Ran, stories: Sequence[Sequence[Event]]) -> Ran:
    """Count outcomes in the event stream."""
    planned: set[tuple[str, str, int]] = set()
    outcomes = Counter[tuple[str, str, int]]()
    for story in stories:
        [started] = of(ExperimentStarted, story)
        name, plan = started.experiment_id, started.plan
        raced = {fact.candidate: fact.folds for fact in of(CandidateRetired, story)}
        planned |= {(name, each.id, fold) for each in plan.candidates for fold in range(raced.get(each.id, plan.folds))}
        outcomes.update((name, fit.candidate, fit.fold) for fit in of(FitCompleted, story))
        failures = of(FitFailed, story)
        outcomes.update((name, fit.candidate, fit.fold) for fit in failures)
        run = replace(run, failed=run.failed + len(failures))
    return replace(
        run,
        fits=len(planned),
        doubled=outcomes.total() - len(outcomes),
        lost=len(planned - outcomes.keys()),
    )
