"""A race leaves the platform: as a program that makes its folds once more, and as one file."""

import csv
import json
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.builders.experiments import write_rows
from tests.builders.platform import RunningPlatform
from tests.builders.scripts import run_alone

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

RACE = ("train", "shipments", "--target", "answer", "--engine", "sklearn", "--folds", "3")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    platform = RunningPlatform.start(tmp_path_factory.mktemp("export") / "home")
    platform.ready()
    rows = write_rows(platform.home.root.parent / "rows.csv", rows=300)
    assert platform.run("ingest", str(rows), "--name", "shipments").returncode == 0
    yield platform
    assert platform.stop() == 0


@pytest.fixture(scope="module")
def raced(running: RunningPlatform) -> str:
    assert running.run(*RACE, "--candidates", "tree,logistic,boosting", "--watch").returncode == 0
    experiment: str = running.json("experiments")["experiments"][0]["experiment_id"]
    return experiment


def exported(running: RunningPlatform, raced: str, folder: Path) -> Path:
    done = running.run("export", raced, "--to", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_the_script_gives_the_winners_scores_where_the_project_is_not(
    running: RunningPlatform, raced: str, tmp_path: Path
) -> None:
    folder = exported(running, raced, tmp_path / "out")
    done = run_alone(folder / "reproduce.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "21 scores compared, 0 differ by more than 1e-9" in done.stdout
    assert "scikit-learn==" in (folder / "requirements.txt").read_text()


def test_the_file_holds_every_fact_and_every_score_to_the_last_digit(
    running: RunningPlatform, raced: str, tmp_path: Path
) -> None:
    folder = exported(running, raced, tmp_path / "out")
    with zipfile.ZipFile(folder / f"{raced}.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    assert {name: sha256(content).hexdigest() for name, content in parts.items()} == manifest["sha256"]
    assert sha256(parts["plan.json"]).hexdigest() == manifest["plan_digest"]
    told = running.run("events", "--experiment", raced, "--json").stdout.splitlines()
    facts = [json.loads(line) for line in parts["events.jsonl"].splitlines()]
    assert facts == [json.loads(line) for line in told]
    said = {
        (fact["data"]["candidate"], fact["data"]["fold"], metric): score
        for fact in facts
        if fact["type"] == "evt.training.fit.completed.v1"
        for metric, score in fact["data"]["scores"].items()
    }
    lines = csv.DictReader(StringIO(parts["scores.csv"].decode()))
    written = {(line["candidate"], int(line["fold"]), line["metric"]): float(line["score"]) for line in lines}
    table = pq.read_table(BytesIO(parts["scores.parquet"])).to_pylist()
    assert said == written == {(row["candidate"], row["fold"], row["metric"]): row["score"] for row in table}
    assert len(said) == 3 * 3 * 7
    assert json.loads(parts["leaderboard.json"]) == running.json("leaderboard", raced)


def test_what_cannot_be_exported_is_said_with_cause_and_cure(
    running: RunningPlatform, raced: str, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    refused = running.run("export", raced, "--to", str(folder))
    assert (refused.returncode, "is there already" in refused.stderr) == (2, True), refused.stderr
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]
    refused = running.run("export", "exp-none", "--to", str(tmp_path / "none"))
    assert (refused.returncode, "exp-none" in refused.stderr) == (1, True), refused.stderr
    assert not (tmp_path / "none").exists()


def test_a_cancelled_race_gives_its_file_and_says_why_there_is_no_script(
    running: RunningPlatform, tmp_path: Path
) -> None:
    experiment = running.json(*RACE, "--seed", "7")["experiment_id"]
    assert running.run("cancel", experiment).returncode == 0
    refused = running.run("export", experiment, "--to", str(tmp_path / "out"))
    assert (refused.returncode, "no model version" in refused.stderr) == (1, True), refused.stderr
    assert (tmp_path / "out" / f"{experiment}.zip").exists()


def test_a_task_without_a_script_gives_its_file_and_says_so(running: RunningPlatform, tmp_path: Path) -> None:
    race = (
        "train",
        "shipments",
        "--task",
        "clustering",
        "--engine",
        "sklearn",
        "--folds",
        "2",
        "--candidates",
        "kmeans",
    )
    done = running.run(*race, "--watch")
    assert done.returncode == 0, done.stderr
    experiment = running.json("experiments")["experiments"][0]["experiment_id"]
    refused = running.run("export", experiment, "--to", str(tmp_path / "out"))
    assert (refused.returncode, "no script for the task clustering" in refused.stderr) == (1, True), refused.stderr
    assert (tmp_path / "out" / f"{experiment}.zip").exists()
