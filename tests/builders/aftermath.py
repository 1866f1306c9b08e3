"""One storm from its first kill to the calm after it, and all that it leaves behind."""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from contracts.ids import CandidateId
from contracts.message import Event
from contracts.scheduler import SetTrigger
from contracts.streams import COMMANDS, DEAD
from contracts.training import ExperimentStarted, ExperimentTemplate, FitCompleted
from infra.bus import Delivered
from tests.builders.experiments import DATASET, Outside, outside, write_rows
from tests.builders.platform import RunningPlatform
from tests.builders.results import Result, of, result_of
from tests.builders.storm import LONGEST_STANDSTILL, Storm, describe, tally
from tests.builders.traffic import SMALL, Client, Orders, a_client

TRIGGERED = "nightly"
"""The dataset whose every version starts a small race."""
_CANDIDATES = tuple(CandidateId(name) for name in ("logistic", "ridge", "bayes", "tree", "boosting", "forest"))
_RACE = re.compile(r"race-(\d+)")
_OUTCOMES_BETWEEN_FILES = 8


def template(number: int) -> ExperimentTemplate:
    """Return a race of 102 short fits, all of which are made; no two of them share one."""
    return ExperimentTemplate(
        target="answer", engine="sklearn", folds=17, candidates=_CANDIDATES, seed=number, rule="full"
    )


@dataclass
class Aftermath:
    """What a storm has left behind."""

    storm: Storm
    orders: Orders
    client: Client
    told: list[Delivered]
    files: dict[str, int | None]
    """Ingestion to the rows of its file; None if there is nothing in it to register."""
    commands_left: int
    dead: int
    running: RunningPlatform

    def facts(self) -> list[Event]:
        """Return every fact of the stream, in order."""
        return [fact.message for fact in self.told if isinstance(fact.message, Event)]

    def stories(self) -> dict[str, list[Event]]:
        """Return the facts of each experiment that was started."""
        by_key: dict[str, list[Event]] = defaultdict(list)
        for fact in self.facts():
            by_key[fact.key].append(fact)
        return {started.experiment_id: by_key[started.experiment_id] for started in of(ExperimentStarted, self.facts())}

    def races(self) -> list[int]:
        """Return the numbers of the long races."""
        return sorted(int(found[1]) for found in map(_RACE.fullmatch, self.stories()) if found)

    def figures(self) -> str:
        """Return what a person wants to know of the storm."""
        storm, facts = self.storm, self.facts()
        fits = len(of(FitCompleted, facts))
        registered = sum(rows is not None for rows in self.files.values())
        return "\n".join(
            (
                f"kill storm, seed {storm.seed}: {len(storm.kills):,} kills in {storm.seconds():.0f} s",
                f"  killed: {tally(Counter(kill.victim for kill in storm.kills))}",
                f"  until the next fit had an outcome: {describe(storm.standstills())}",
                f"  {len(facts):,} facts; {len(self.stories())} races, {fits:,} fits; "
                f"{registered} files registered, {len(self.files) - registered} refused; "
                f"{len(self.orders.given)} commands answered; {self.dead} dead letters",
                f"  predictions: {tally(self.client.came)}; {len(self.client.wrong)} wrong",
            )
        )


async def weathered(running: RunningPlatform, rows: Path, seed: int, kills: int) -> Aftermath:
    """Race, send files and ask for predictions while it storms; return what is there when all is done."""
    async with outside(running.ready()) as there:
        orders, storm = Orders(there), Storm(running, seed)
        files: dict[str, int | None] = {}
        await there.register(rows)
        await orders.give(SetTrigger(trigger_id="on-arrival", dataset=TRIGGERED, template=SMALL))
        async with a_client(orders, DATASET) as client, listening(storm, there):
            numbers = count(1)
            async with asyncio.TaskGroup() as traffic:
                races = [traffic.create_task(keep_racing(orders, storm, numbers)) for _ in range(2)]
                traffic.create_task(storm.watch(races))
                traffic.create_task(keep_sending(orders, storm, files, running.home.root.parent))
                traffic.create_task(keep_asking(client, storm))
                traffic.create_task(storm.rage(kills))
            async with asyncio.timeout(LONGEST_STANDSTILL * 2):
                await orders.settled(TRIGGERED)
            running.ready()
            await client.ask()
        told = [fact async for fact in there.bus.facts(stop_when_idle=True)]
        held = await there.held()
        return Aftermath(storm, orders, client, told, files, held[COMMANDS], held[DEAD], running)


async def undisturbed(running: RunningPlatform, rows: Path, races: Sequence[int]) -> dict[int, Result]:
    """Run races in a calm, all at once."""
    async with outside(running.ready("ui")) as there:
        await there.register(rows)
        orders = Orders(there)
        async with asyncio.TaskGroup() as traffic:
            for number in races:
                traffic.create_task(orders.race(f"race-{number}", DATASET, template(number)))
        return {number: result_of(await there.story(f"race-{number}")) for number in races}


@asynccontextmanager
async def listening(storm: Storm, there: Outside) -> AsyncIterator[None]:
    """Let the storm hear how the races go while the block runs."""
    hearing = asyncio.create_task(storm.listen(there.bus))
    try:
        yield
    finally:
        hearing.cancel()
        await asyncio.wait([hearing])


async def keep_racing(orders: Orders, storm: Storm, numbers: Iterator[int]) -> None:
    """Run one race after the other until the storm is over, and the last one to its end."""
    while not storm.over:
        number = next(numbers)
        await orders.race(f"race-{number}", DATASET, template(number))


async def keep_sending(orders: Orders, storm: Storm, files: dict[str, int | None], folder: Path) -> None:
    """Send one file after the other; one in four fires a trigger, one in five cannot be registered."""
    for number in count(1):
        await storm.progress(_OUTCOMES_BETWEEN_FILES)
        if storm.over:
            return
        ingestion_id, size = f"file-{number}", None if number % 5 == 0 else 60 + number
        content = b"" if size is None else write_rows(folder / f"{ingestion_id}.csv", size, number).read_bytes()
        files[ingestion_id] = size
        await orders.send_file(ingestion_id, TRIGGERED if number % 4 == 1 else "arrivals", content)


async def keep_asking(client: Client, storm: Storm) -> None:
    """Ask for predictions until the storm is over."""
    while not storm.over:
        await client.ask()
