"""The verbs that no story needs, on a platform that runs: triggers, the event stream, and a race that is cancelled."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from infra.local.issuer.clients import COMMAND_LINE, clients_of
from tests.builders.asking import until
from tests.builders.platform import RunningPlatform, trackside

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

HEADER = "species,mass,island\n"
ROWS = "".join(f"{'ab'[n % 2]},{n},{'xyz'[n % 3]}\n" for n in range(40))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    platform = RunningPlatform.start(tmp_path_factory.mktemp("verbs") / "home")
    platform.ready()
    ingest(platform, ROWS)
    yield platform
    assert platform.stop() == 0


def ingest(platform: RunningPlatform, rows: str) -> None:
    file = platform.home.root.parent / "penguins.csv"
    file.write_text(HEADER + rows)
    done = platform.run("ingest", str(file), "--name", "penguins")
    assert done.returncode == 0, done.stderr


def test_a_trigger_races_each_new_version_until_it_is_removed(running: RunningPlatform) -> None:
    trigger = running.json(
        "trigger", "penguins", "--target", "species", "--engine", "sklearn", "--candidates", "dummy", "--folds", "2"
    )["trigger_id"]
    ingest(running, ROWS + "a,100,x\n")
    until(lambda: running.json("triggers")["triggers"][0]["fired"] == 1)
    fired = running.json("triggers")["triggers"][0]["last_experiment_id"]
    assert running.json("leaderboard", fired, "--watch")["final"] is True
    assert running.run("untrigger", trigger).stdout == f"Removed {trigger}.\n"
    assert running.json("triggers")["triggers"] == []


def test_a_trigger_whose_target_the_dataset_has_not_is_refused_as_a_race_is(running: RunningPlatform) -> None:
    refused = running.run("trigger", "penguins", "--target", "specis")
    assert refused.returncode == running.run("train", "penguins", "--target", "specis").returncode == 1
    assert "It has: species, mass, island." in refused.stderr


def test_a_schedule_is_told_with_its_next_slots_until_it_is_removed(running: RunningPlatform) -> None:
    source = ("--name", "tides", "--kind", "s3", "url=s3://tides/2026")
    said = running.run("schedule", "0 3 * * *", "--zone", "Europe/Paris", *source, "--id", "nightly").stdout
    assert said.startswith("Schedule nightly reads tides: At 03:00 every day, Europe/Paris; next: ")
    (schedule,) = running.json("schedules")["schedules"]
    assert (schedule["source"]["options"], schedule["last"], len(schedule["next"])) == (
        {"url": "s3://tides/2026"},
        None,
        10,
    )
    assert "At 03:00 every day, Europe/Paris" in running.run("schedules").stdout
    assert running.run("unschedule", "nightly").stdout == "Removed nightly.\n"
    assert running.json("schedules")["schedules"] == []
    refused = running.run("schedule", "0 0 3 * * *", *source)
    assert refused.returncode == 1
    assert "it has 6 fields, not five" in refused.stderr
    unknown = running.run("schedule", "0 3 * * *", "--name", "tides", "--kind", "tide-gauge", "station=42")
    assert (unknown.returncode, "There is no source of the kind 'tide-gauge'" in unknown.stderr) == (2, True)


def test_a_trigger_that_is_not_there_cannot_be_removed(running: RunningPlatform) -> None:
    refused = running.run("untrigger", "trg-none")
    assert refused.returncode == 1
    assert "There is no trigger" in refused.stderr


def test_the_event_stream_is_printed_in_order_one_object_a_line(running: RunningPlatform) -> None:
    lines = running.run("events", "--json").stdout.splitlines()
    told = [json.loads(line) for line in lines]
    assert told[0]["type"] == "evt.ingest.dataset.registered.v1"
    assert [fact["sequence"] for fact in told] == sorted(fact["sequence"] for fact in told)


def test_the_facts_of_an_experiment_that_is_not_there_are_none(running: RunningPlatform) -> None:
    refused = running.run("events", "--experiment", "exp-none")
    assert refused.returncode == 1
    assert "trackside experiments" in refused.stderr


def test_the_board_of_a_cancelled_race_says_after_how_many_fits(running: RunningPlatform, tmp_path: Path) -> None:
    experiment = running.json(
        "train", "penguins", "--target", "species", "--engine", "sklearn", "--folds", "10", "--seed", "7"
    )["experiment_id"]
    assert running.run("cancel", experiment).returncode == 0
    shown = running.run("leaderboard", experiment, "--watch")
    assert shown.returncode == 1
    assert "fits; no model was made." in shown.stderr
    seen = running.run("leaderboard", experiment)
    assert seen.returncode == 0
    assert re.fullmatch(r"cancelled after \d+ of 70 fits; no model was made", seen.stdout.splitlines()[-1])
    assert running.run("deploy", experiment, "--name", "none").returncode == 1


def test_limits_say_who_is_outside_and_name_the_best_within_and_leave_the_json_as_it_is(
    running: RunningPlatform,
) -> None:
    race = ("train", "penguins", "--target", "species", "--engine", "sklearn", "--candidates", "dummy,forest")
    assert running.run(*race, "--folds", "2", "--watch").returncode == 0
    experiment = running.json("experiments")["experiments"][0]["experiment_id"]
    *_, last = running.run("leaderboard", experiment, "--under-ms", "0.001").stdout.splitlines()
    assert last == "nobody is within the limits (under 0.001 ms)"
    told = running.run("leaderboard", experiment, "--under-mb", "20", "--no-ensembles").stdout
    assert "outside: is an ensemble" in told
    *_, last = told.splitlines()
    assert last.startswith("the best within the limits (under 20 MB, no ensemble) is Most Frequent Class, ")
    assert running.json("leaderboard", experiment, "--no-ensembles") == running.json("leaderboard", experiment)


def test_a_budget_ends_a_race_sooner_and_the_whole_race_goes_on_from_there(running: RunningPlatform) -> None:
    race = ("train", "penguins", "--target", "species", "--engine", "sklearn", "--candidates", "dummy,tree")
    raced = [*race, "--folds", "6", "--seed", "11", "--watch"]
    paid = running.run(*raced, "--budget", "7", "--json")
    assert paid.returncode == 0, paid.stderr
    assert "7 fits pay for 3 of 6 folds of 2 candidates; 1 stays unspent" in paid.stderr
    first = running.json("experiments")["experiments"][0]
    assert (first["status"], first["folds"], first["fits"], first["fits_completed"]) == ("completed", 3, 6, 6)
    assert running.run(*raced).returncode == 0
    whole = running.json("experiments")["experiments"][0]
    assert (whole["fits"], whole["fits_completed"]) == (12, 12)
    once, again = (fits_of(running, each["experiment_id"]) for each in (first, whole))
    assert len(once) == 6
    assert {place: again[place] for place in once} == once
    refused = running.run(*raced, "--budget", "3")
    assert (refused.returncode, "Give at least 4" in refused.stderr) == (1, True), refused.stderr


def fits_of(running: RunningPlatform, experiment: str) -> dict[tuple[str, int], str]:
    """Return when each fit of an experiment was made."""
    told = running.run("events", "--experiment", experiment, "--json").stdout.splitlines()
    facts = [fact["data"] for fact in map(json.loads, told) if fact["type"] == "evt.training.fit.completed.v1"]
    return {(fit["candidate"], fit["fold"]): fit["completed_at"] for fit in facts}


def test_candidates_of_a_race_are_compared_once_there_are_rows_enough(running: RunningPlatform, tmp_path: Path) -> None:
    file = tmp_path / "terns.csv"
    file.write_text(HEADER + "".join(f"{'ab'[n % 2]},{n % 7},{'xyz'[n % 3]}\n" for n in range(120)))
    assert running.run("ingest", str(file), "--name", "terns").returncode == 0
    race = ("--target", "species", "--engine", "sklearn", "--candidates", "dummy,tree", "--folds", "3", "--watch")
    for dataset in ("terns", "penguins"):
        assert running.run("train", dataset, *race).returncode == 0
    of_forty_rows, of_more = (each["experiment_id"] for each in running.json("experiments")["experiments"][:2])
    told = running.json("test", of_more)
    assert told["tests"] == ["correlated_t", "corrected_t"]
    assert [{pair["first"], pair["second"]} for pair in told["pairs"]] == [{"dummy", "tree"}]
    refused = running.run("test", of_forty_rows)
    assert refused.returncode == 1
    assert re.search(r"was scored on \d\d rows, and under 100 chance decides\.", refused.stderr)


def test_rows_are_piped_in_and_a_row_that_does_not_fit_is_not_predicted(
    running: RunningPlatform, tmp_path: Path
) -> None:
    race = ("train", "penguins", "--target", "species", "--engine", "sklearn", "--folds", "2", "--candidates", "tree")
    assert running.run(*race, "--watch").returncode == 0
    experiment = running.json("experiments")["experiments"][0]["experiment_id"]
    assert running.run("deploy", experiment, "--name", "penguins").returncode == 0
    pipe = tmp_path / "rows"
    os.mkfifo(pipe)
    for rows, code, said in (
        ("mass,island\n1,x\n2,y\n", 0, "PREDICTION"),
        ("mass,island\n1,x\n2,y,z\n", 2, "line 3 has 3 values, the header names 2."),
    ):
        writer = Thread(target=pipe.write_text, args=[rows])
        writer.start()
        done = running.run("predict", "penguins", "--file", str(pipe))
        writer.join()
        assert done.returncode == code, done.stderr
        assert said in done.stdout + done.stderr


def test_a_platform_elsewhere_is_reached_by_its_addresses(running: RunningPlatform, tmp_path: Path) -> None:
    """As in containers: another folder, and everything named by the environment."""
    found = running.platform()
    assert found is not None
    addresses = {
        "TRACKSIDE_NATS_URL": found.nats_url,
        "TRACKSIDE_NATS_SEED_FILE": str(running.home.seed("cli")),
        "TRACKSIDE_OBJECTS_URL": found.objects_url,
        "TRACKSIDE_SERVING_URL": found.serving_url,
        "TRACKSIDE_UI_URL": found.ui_url,
        "TRACKSIDE_ISSUER_URL": found.issuer_url,
        "TRACKSIDE_CLIENT_SECRET": clients_of(running.home.issuer)[COMMAND_LINE].secret,
    }

    def elsewhere(*arguments: str) -> str:
        done = trackside(tmp_path / "elsewhere", *arguments, variables=addresses)
        assert done.returncode == 0, done.stderr
        return done.stdout

    file = tmp_path / "gulls.csv"
    file.write_text(HEADER + ROWS)
    assert elsewhere("ingest", str(file), "--name", "gulls").startswith("gulls is now version 1: 40 rows")
    race = ("train", "gulls", "--target", "species", "--engine", "sklearn", "--folds", "2", "--candidates", "tree")
    elsewhere(*race, "--watch")
    experiment = json.loads(elsewhere("experiments", "--json"))["experiments"][0]["experiment_id"]
    elsewhere("deploy", experiment, "--name", "gulls")
    assert '"prediction"' in elsewhere("predict", "gulls", "--row", '{"mass": 1, "island": "x"}', "--json")
    assert elsewhere("page").startswith(f"{found.ui_url}/login?ticket=")
    assert elsewhere("gc", "--dry-run", "--json") == running.run("gc", "--dry-run", "--json").stdout
    assert "Nothing was changed." in elsewhere("gc", "--dry-run")
    homeless = {name: value for name, value in addresses.items() if name != "TRACKSIDE_OBJECTS_URL"}
    refused = trackside(tmp_path / "elsewhere", "gc", variables=homeless)
    assert (refused.returncode, "Name its store in TRACKSIDE_OBJECTS_URL" in refused.stderr) == (1, True)
    for verb, said in ((["status"], "trackside doctor"), (["trace", experiment], "collector")):
        refused = trackside(tmp_path / "elsewhere", *verb, variables=addresses)
        assert (refused.returncode, said in refused.stderr) == (1, True), refused.stderr


def test_many_files_are_ingested_by_their_folder_by_a_pattern_or_one_by_one(
    running: RunningPlatform, tmp_path: Path
) -> None:
    folder = tmp_path / "sales"
    for month, rows in (("01", "1,a\n2\n"), ("02", "3,c\n4,d\n")):
        (folder / f"month={month}").mkdir(parents=True)
        (folder / f"month={month}" / "rows.csv").write_text("n,s\n" + rows)
    (folder / "_SUCCESS").touch()
    told = running.run("ingest", str(folder), "--name", "sales")
    assert told.returncode == 0, told.stderr
    assert "sales is now version 1: 3 rows, 3 columns" in told.stdout
    assert "month=01/rows.csv, line 3: has fewer values than the header has names" in told.stdout
    by_pattern = running.json("ingest", str(folder / "*" / "*.csv"), "--name", "sales")
    assert (by_pattern["filename"], by_pattern["unchanged"], by_pattern["rows"]) == ("*.csv", True, 3)
    one_by_one = running.json("ingest", *map(str, sorted(folder.rglob("*.csv"))), "--name", "sales")
    assert (one_by_one["filename"], one_by_one["version"]) == ("rows.csv and 1 more", by_pattern["version"])
    (folder / "month=02" / "other.csv").write_text("x\n1\n")
    refused = running.run("ingest", str(folder), "--name", "sales")
    assert refused.returncode == 1
    assert "month=02/other.csv shares no column with month=01/rows.csv" in " ".join(refused.stderr.split())
