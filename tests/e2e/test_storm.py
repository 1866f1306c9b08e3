"""A storm of kills during races, ingests and predictions: nothing is lost, doubled, halved, wrong or stuck.

Short here; ``make storm`` makes it long. It prints its figures.
"""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import count
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from mlflow import MlflowClient
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.ids import CandidateId
from contracts.ingest import DatasetRejected, DatasetVersionRegistered
from contracts.message import Event
from contracts.scheduler import SetTrigger, TriggerFired
from contracts.streams import COMMANDS, DEAD
from contracts.training import ExperimentStarted, ExperimentTemplate, FitCompleted
from infra.bus import Delivered
from infra.objects.store import open_objects
from tests.builders.experiments import DATASET, Outside, outside, write_rows
from tests.builders.platform import RunningPlatform
from tests.builders.recorded import assert_recorded
from tests.builders.results import Result, of, result_of
from tests.builders.storm import LONGEST_STANDSTILL, Storm, describe, tally
from tests.builders.traffic import SMALL, Client, Orders, a_client, answers_to


class StormSettings(BaseSettings):
    """How long it storms, and in which order."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_STORM_", frozen=True)

    kills: int = 60
    seed: int = 4


SETTINGS = StormSettings()
CANDIDATES = tuple(CandidateId(name) for name in ("logistic", "ridge", "bayes", "tree", "boosting", "forest"))
TRIGGERED = "nightly"
RACE = re.compile(r"race-(\d+)")
_OUTCOMES_BETWEEN_FILES = 8

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 + 8 * SETTINGS.kills)]


def template(number: int) -> ExperimentTemplate:
    """Return a race of 120 short fits; no two of them share one."""
    return ExperimentTemplate(target="answer", engine="sklearn", folds=20, candidates=CANDIDATES, seed=number)


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
        return sorted(int(found[1]) for found in map(RACE.fullmatch, self.stories()) if found)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file to race on."""
    return write_rows(tmp_path_factory.mktemp("rows") / "shipments.csv", rows=600)


@pytest.fixture(scope="module")
def aftermath(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """Let it storm over a platform, and wait until all is done."""
    running = RunningPlatform.start(tmp_path_factory.mktemp("storm") / "home")
    try:
        yield asyncio.run(weathered(running, rows))
    finally:
        running.end()


@pytest.fixture(scope="module")
def quiet(aftermath: Aftermath, rows: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Result]:
    """Return what the same races come to when nothing is killed."""
    running = RunningPlatform.start(tmp_path_factory.mktemp("quiet") / "home")
    try:
        return asyncio.run(undisturbed(running, rows, aftermath.races()))
    finally:
        running.end()


async def weathered(running: RunningPlatform, rows: Path) -> Aftermath:
    """Race, send files and ask for predictions while it storms; return what is there when all is done."""
    async with outside(running.ready()) as there:
        orders, storm = Orders(there), Storm(running, SETTINGS.seed)
        files: dict[str, int | None] = {}
        await there.register(rows)
        await orders.give(SetTrigger(trigger_id="on-arrival", dataset=TRIGGERED, template=SMALL))
        async with a_client(orders, DATASET) as client, listening(storm, there):
            numbers = count(1)
            async with asyncio.TaskGroup() as traffic:
                for _ in range(2):
                    traffic.create_task(keep_racing(orders, storm, numbers))
                traffic.create_task(keep_sending(orders, storm, files, running.home.root.parent))
                traffic.create_task(keep_asking(client, storm))
                traffic.create_task(storm.rage(SETTINGS.kills))
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


def test_no_message_died_and_none_is_left(aftermath: Aftermath) -> None:
    assert aftermath.dead == 0
    assert aftermath.commands_left == 0


def test_each_fact_is_there_once(aftermath: Aftermath) -> None:
    ids = Counter(fact.envelope.id for fact in aftermath.told)
    assert [fact for fact, times in ids.items() if times > 1] == []


def test_each_command_is_answered_once(aftermath: Aftermath) -> None:
    for command_id, command in aftermath.orders.given.items():
        assert len(answers_to(aftermath.told, command_id, command)) == 1, command


def test_each_race_is_told_whole_with_each_fit_once(aftermath: Aftermath) -> None:
    for story in aftermath.stories().values():
        result_of(story)


def test_each_race_comes_to_what_it_comes_to_in_a_calm(aftermath: Aftermath, quiet: dict[int, Result]) -> None:
    stories = aftermath.stories()
    assert len(quiet) >= 2
    for number, result in quiet.items():
        assert result_of(stories[f"race-{number}"]) == result


def test_each_file_is_a_whole_dataset_version_or_refused(aftermath: Aftermath) -> None:
    objects = open_objects(f"file://{aftermath.running.home.objects}")
    answers = {str(fact.ingestion_id): fact for fact in of(DatasetVersionRegistered, aftermath.facts())}
    refused = {str(fact.ingestion_id) for fact in of(DatasetRejected, aftermath.facts())}
    for ingestion_id, rows in aftermath.files.items():
        assert (ingestion_id in refused) == (rows is None)
        if rows is not None:
            assert answers[ingestion_id].rows == rows
    for fact in answers.values():
        table = objects.read(fact.data)
        assert sha256(table).hexdigest() == fact.data_digest
        assert pq.read_table(BytesIO(table)).num_rows == fact.rows


def test_the_trigger_fired_once_for_each_version(aftermath: Aftermath) -> None:
    versions = [f.version for f in of(DatasetVersionRegistered, aftermath.facts()) if f.name == TRIGGERED]
    fired = of(TriggerFired, aftermath.facts())
    assert [fact.dataset_version for fact in fired] == versions
    assert {fact.experiment_id for fact in fired} <= aftermath.stories().keys()


def test_mlflow_has_each_race_whole(aftermath: Aftermath) -> None:
    platform = aftermath.running.platform()
    assert platform is not None
    client = MlflowClient(platform.mlflow_url)
    for story in aftermath.stories().values():
        assert assert_recorded(client, story) > 0


def test_a_prediction_is_right_or_there_is_none(aftermath: Aftermath) -> None:
    assert aftermath.client.wrong == []
    assert aftermath.client.came["200"] > 0
    unclear = {answer for answer in aftermath.client.came if answer.isdecimal()} - {"200", "503"}
    assert unclear == set()


def test_races_go_on_soon_after_each_kill(aftermath: Aftermath, record_property: Callable[[str, object], None]) -> None:
    standstills = aftermath.storm.standstills()
    record_property("figures", figures(aftermath))
    assert len(standstills) == SETTINGS.kills
    assert max(standstills)[0] < LONGEST_STANDSTILL


def figures(aftermath: Aftermath) -> str:
    """Return what a person wants to know of the storm."""
    storm, facts = aftermath.storm, aftermath.facts()
    fits = len(of(FitCompleted, facts))
    registered = sum(rows is not None for rows in aftermath.files.values())
    return "\n".join(
        (
            f"kill storm, seed {SETTINGS.seed}: {len(storm.kills):,} kills in {storm.seconds():.0f} s",
            f"  killed: {tally(Counter(kill.victim for kill in storm.kills))}",
            f"  until the next fit had an outcome: {describe(storm.standstills())}",
            f"  {len(facts):,} facts; {len(aftermath.stories())} races, {fits:,} fits; "
            f"{registered} files registered, {len(aftermath.files) - registered} refused; "
            f"{len(aftermath.orders.given)} commands answered; {aftermath.dead} dead letters",
            f"  predictions: {tally(aftermath.client.came)}; {len(aftermath.client.wrong)} wrong",
        )
    )
