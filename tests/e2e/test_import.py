"""An experiment that one platform exported arrives on another: the same board, the same winner, once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.experiment_file import BOARD, EVENTS, MANIFEST
from tests.builders.asking import until
from tests.builders.experiments import write_rows
from tests.builders.exported import damage, unzipped, zipped
from tests.builders.platform import RunningPlatform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

RACE = ("train", "shipments", "--target", "answer", "--engine", "sklearn", "--folds", "3")


def started_platform(folder: Path) -> RunningPlatform:
    folder.mkdir()
    platform = RunningPlatform.start(folder / "home")
    platform.ready()
    return platform


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the files of a race to the end and of one that was cancelled, from a platform that is gone."""
    folder = tmp_path_factory.mktemp("import")
    platform = started_platform(folder / "there")
    rows = write_rows(folder / "rows.csv", rows=300)
    assert platform.run("ingest", str(rows), "--name", "shipments").returncode == 0
    assert platform.run(*RACE, "--candidates", "tree,logistic,boosting", "--watch").returncode == 0
    ended = platform.json("experiments")["experiments"][0]["experiment_id"]
    cancelled = platform.json(*RACE, "--folds", "100", "--candidates", "forest")["experiment_id"]
    assert platform.run("cancel", cancelled).returncode == 0
    files = {}
    for name, experiment in (("ended", ended), ("cancelled", cancelled)):
        platform.run("export", experiment, "--to", str(folder / name))
        files[name] = folder / name / f"{experiment}.zip"
    assert platform.stop() == 0
    return files


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    platform = started_platform(tmp_path_factory.mktemp("elsewhere") / "here")
    yield platform
    assert platform.stop() == 0


def facts_of(platform: RunningPlatform, experiment: str) -> list[str]:
    return platform.run("events", "--experiment", experiment, "--json").stdout.splitlines()


def test_the_board_is_the_same_elsewhere_and_a_second_import_changes_nothing(
    elsewhere: RunningPlatform, exported: dict[str, Path]
) -> None:
    file = exported["ended"]
    experiment = file.stem
    imported = elsewhere.json("import", str(file))
    assert (imported["unchanged"], imported["fits_completed"], imported["fits_failed"]) == (False, 9, 0)
    assert elsewhere.run("leaderboard", experiment, "--watch").returncode == 0
    assert elsewhere.json("leaderboard", experiment) == json.loads(unzipped(file.read_bytes())[BOARD])
    until(lambda: elsewhere.json("experiments")["experiments"][0]["model_version_id"] is not None)
    assert elsewhere.run("compare", experiment, str(file)).returncode == 0
    assert elsewhere.run("deploy", experiment, "--name", "late").returncode == 0
    before = facts_of(elsewhere, experiment)
    again = elsewhere.run("import", str(file))
    assert again.returncode == 0
    assert "nothing was changed" in again.stdout
    told = [json.loads(line)["type"] for line in facts_of(elsewhere, experiment)[len(before) :]]
    assert told == ["evt.training.experiment.imported.v1"]
    assert [each["experiment_id"] for each in elsewhere.json("experiments")["experiments"]] == [experiment]


def test_a_cancelled_race_arrives_as_one(elsewhere: RunningPlatform, exported: dict[str, Path]) -> None:
    file = exported["cancelled"]
    elsewhere.json("import", str(file))
    board = json.loads(unzipped(file.read_bytes())[BOARD])
    assert board["cancelled"]
    assert elsewhere.run("leaderboard", file.stem, "--watch").returncode == 1
    assert elsewhere.json("leaderboard", file.stem) == board


def test_what_was_imported_can_be_exported_and_says_the_same(
    elsewhere: RunningPlatform, exported: dict[str, Path], tmp_path: Path
) -> None:
    experiment = exported["ended"].stem
    done = elsewhere.run("export", experiment, "--to", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    there, here = (unzipped(file.read_bytes()) for file in (exported["ended"], tmp_path / "out" / f"{experiment}.zip"))
    assert there.keys() == here.keys()
    assert {name for name in there if there[name] != here[name]} == {MANIFEST, EVENTS}


def test_what_is_no_experiments_file_is_refused_with_cause_and_cure(
    elsewhere: RunningPlatform, exported: dict[str, Path], tmp_path: Path
) -> None:
    known = facts_of(elsewhere, "*")
    for content, code, words in (
        (None, 2, "cannot be read"),
        (b"no zip", 2, "is no experiment"),
        (zipped({EVENTS: b""}), 2, "is no experiment"),
        (zipped({MANIFEST: b'{"format": "trackside-experiment-9"}'}), 2, "another release"),
    ):
        file = tmp_path / "odd.zip"
        if content is not None:
            file.write_bytes(content)
        refused = elsewhere.run("import", str(file))
        assert (refused.returncode, words in refused.stderr) == (code, True), refused.stderr
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(exported["ended"].read_bytes())
    damage(damaged)
    refused = elsewhere.run("import", str(damaged))
    assert (refused.returncode, "events.jsonl is not what" in refused.stderr) == (1, True), refused.stderr
    more = facts_of(elsewhere, "*")[len(known) :]
    assert [json.loads(line)["type"] for line in more] == ["evt.training.import.refused.v1"]
