"""A storm of kills during races, ingests and predictions: nothing is lost, doubled, halved, wrong or stuck.

Short here; ``make storm`` makes it long. It prints its figures.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from mlflow import MlflowClient
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.ingest import DatasetRejected, DatasetVersionRegistered
from contracts.scheduler import TriggerFired
from infra.objects.store import open_objects
from tests.builders.aftermath import TRIGGERED, Aftermath, undisturbed, weathered
from tests.builders.experiments import write_rows
from tests.builders.platform import RunningPlatform
from tests.builders.recorded import assert_recorded
from tests.builders.results import Result, of, result_of
from tests.builders.storm import LONGEST_STANDSTILL
from tests.builders.traffic import answers_to


class StormSettings(BaseSettings):
    """How long it storms, and in which order."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_STORM_", frozen=True)

    kills: int = 60
    seed: int = 4


SETTINGS = StormSettings()
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 + 8 * SETTINGS.kills)]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file to race on."""
    return write_rows(tmp_path_factory.mktemp("rows") / "shipments.csv", rows=400)


@pytest.fixture(scope="module")
def aftermath(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """Let it storm over a platform, and wait until all is done."""
    running = RunningPlatform.start(tmp_path_factory.mktemp("storm") / "home")
    try:
        yield asyncio.run(weathered(running, rows, SETTINGS.seed, SETTINGS.kills))
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
    record_property("figures", aftermath.figures())
    assert len(standstills) == SETTINGS.kills
    assert max(standstills)[0] < LONGEST_STANDSTILL
