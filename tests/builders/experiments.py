"""An experiment on the running platform, as an outside program begins it, hears of it, and reads it from the stream."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nats.js.client import JetStreamContext

from contracts.ids import CandidateId
from contracts.message import Event
from contracts.streams import COMMANDS, DEAD
from contracts.training import (
    ExperimentStarted,
    ExperimentTemplate,
    FitCompleted,
    FitStarted,
    ModelVersionCreated,
    RefitFailed,
    StartExperiment,
)
from infra.bus.client import NatsBus
from infra.bus.connection import connect
from infra.local.layout import Home
from infra.local.platform import Platform
from infra.telemetry import Telemetry
from tests.builders.asking import eventually
from tests.builders.problems import some_labels, some_rows
from tests.builders.results import Result, result_of
from ui.cli.connection import Connection
from ui.cli.ingest import registered
from ui.cli.reach import Reach

DATASET = "shipments"
LONGEST = CandidateId("forest")
"""The candidate whose fits last longest."""
TEMPLATE = ExperimentTemplate(
    target="answer",
    engine="sklearn",
    folds=5,
    candidates=tuple(CandidateId(name) for name in ("logistic", "ridge", "bayes", "tree", LONGEST, "boosting")),
)
FITS = 30
_SECONDS = 90.0


def write_rows(file: Path, rows: int = 3000, seed: int = 7) -> Path:
    """Write mixed rows with a target of two classes as CSV, and return the file."""
    frame = some_rows(rows, seed)
    frame.assign(answer=some_labels(frame, ("late", "in time"), seed)).to_csv(file, index=False)
    return file


@dataclass
class Outside:
    """A program of one's own beside the platform: on its bus, and at its streams."""

    platform: Platform
    bus: NatsBus
    inspected: JetStreamContext
    """The streams as the command line sees them, which may see how many messages each holds; others may not."""

    async def register(self, rows: Path) -> None:
        """Make a file the next version of ``DATASET``, as the command line does."""
        await registered(Connection(Reach.of(self.platform), self.bus, Telemetry("outside")), rows, DATASET)

    async def story(self, key: str, *kinds: type[Event]) -> list[Event]:
        """Return the facts of a story so far, every message that the stream holds."""
        told = [fact.message async for fact in self.bus.facts(*kinds, key=key, stop_when_idle=True)]
        return [fact for fact in told if isinstance(fact, Event)]

    async def heard(self, key: str, *kinds: type[Event], count: int = 1) -> None:
        """Wait until so many facts of these kinds are told."""
        async with asyncio.timeout(_SECONDS):
            async for _ in self.bus.facts(*kinds, key=key):
                count -= 1
                if count == 0:
                    return

    async def all_is_done(self) -> None:
        """Wait until no command waits or is in anybody's hands, so that nothing more will be said; none died."""

        async def no_command_left() -> bool:
            return (await self.held())[COMMANDS] == 0

        await eventually(no_command_left, _SECONDS)
        assert (await self.held())[DEAD] == 0

    async def held(self) -> dict[str, int]:
        """Return how many messages each stream holds now."""
        return {info.config.name or "": info.state.messages for info in await self.inspected.streams_info()}


@asynccontextmanager
async def outside(platform: Platform) -> AsyncIterator[Outside]:
    """Connect to a platform from outside, with the key that it made for that, while the block runs."""
    keys = Home(platform.home)
    client = await connect(platform.nats_url, keys.seed("outside"), name="outside", patience=5)
    inspector = await connect(platform.nats_url, keys.seed("cli"), name="cli", patience=5)
    try:
        yield Outside(platform, NatsBus(client, "outside", Telemetry("outside")), inspector.jetstream())
    finally:
        await inspector.close()
        await client.close()


@dataclass
class Experiment:
    """One experiment, watched."""

    id: str
    there: Outside
    signs: list[FitStarted] = field(default_factory=list)

    async def in_hand(self, fold: int) -> FitStarted:
        """Wait until a worker has the longest fit of a fold in its hands, and return what it said."""

        async def taken_up() -> bool:
            return bool(self._signs_of(LONGEST, fold))

        await eventually(taken_up, _SECONDS)
        return self._signs_of(LONGEST, fold)[0]

    def times_taken_up(self, fit: FitStarted) -> int:
        """Return how often a worker was heard to take up a fit."""
        return len(self._signs_of(fit.candidate, fit.fold))

    async def completed(self, count: int) -> None:
        """Wait until ``count`` fits are completed."""
        await self.there.heard(self.id, FitCompleted, count=count)

    async def result(self) -> Result:
        """Wait until all is over, and return what the stream tells."""
        await self.there.heard(self.id, ModelVersionCreated, RefitFailed)
        await self.there.all_is_done()
        return result_of(await self.there.story(self.id))

    def _signs_of(self, candidate: CandidateId, fold: int) -> list[FitStarted]:
        return [sign for sign in self.signs if (sign.candidate, sign.fold) == (candidate, fold)]


@asynccontextmanager
async def watched(there: Outside, experiment_id: str) -> AsyncIterator[Experiment]:
    """Hear the signs of an experiment while the block runs, whether or not it has begun."""
    experiment = Experiment(experiment_id, there)

    async def listen() -> None:
        async for sign in there.bus.signs(experiment_id):
            if isinstance(sign.message, FitStarted):
                experiment.signs.append(sign.message)

    listening = asyncio.create_task(listen())
    try:
        yield experiment
    finally:
        listening.cancel()
        await asyncio.wait([listening])


@asynccontextmanager
async def started(there: Outside, rows: Path, experiment_id: str = "exp-1") -> AsyncIterator[Experiment]:
    """Register a file, start the race of ``TEMPLATE`` on it, and watch that while the block runs."""
    await there.register(rows)
    async with watched(there, experiment_id) as experiment:
        await there.bus.order(
            StartExperiment(experiment_id=experiment_id, dataset=DATASET, template=TEMPLATE), ExperimentStarted
        )
        yield experiment
