"""Whatever is given, the answer is a clear fact: a refusal that names cause and cure, a note, or a fit that failed."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders.platform import RunningPlatform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

OWN = "tests.builders.estimators"
QUICK = ("--engine", "sklearn", "--folds", "3", "--seed", "1")


def csv(header: str, *lines: str) -> str:
    return "\n".join([header, *lines]) + "\n"


def _days(count: int) -> list[str]:
    return [f"2001-{1 + day // 28:02}-{1 + day % 28:02}" for day in range(count)]


CHANCE = random.Random(7)
FILES = {
    "plain": csv(
        "kind,size,place,day,void,same",
        *(f"{'ab'[n % 2]},{n * 1.5},{'xyz'[n % 3]},2001-01-{1 + n % 28:02},,k" for n in range(60)),
    ),
    "two": csv("kind,size", "a,1", "b,2"),
    "alone": csv("kind,same", *(f"{'ab'[n % 2]},k" for n in range(30))),
    "names": csv("name,size,kind", *(f"n{n},{n},{'ab'[n % 2]}" for n in range(10_000))),
    "infinite": csv("kind,size,mass", *(f"{'ab'[n % 2]},{'inf' if n % 7 == 0 else n},{n % 5}" for n in range(60))),
    "gaps": csv("kind,size", *(f"{'ab'[n % 2] if n % 10 else ''},{n}" for n in range(60))),
    "rare": csv("kind,size", *(f"{'c' if n < 2 else 'ab'[n % 2]},{n}" for n in range(60))),
    "series": csv("day,sold", *CHANCE.sample([f"{day},{n % 7 + n}" for n, day in enumerate(_days(60))], 60)),
    "twice": csv("day,sold", *(f"{day},{n}" for n, day in enumerate(_days(30) + _days(30)))),
    "undated": csv("day,sold", *(f"{day if n else ''},{n}" for n, day in enumerate(_days(60)))),
    "visits": csv(
        "ward,patient,clinic,bed,kind,size",
        *(f"{'NS'[n % 2]},p{n // 3},{'xyz'[n // 20]},{n if n else ''},{'ab'[n // 57]},{n % 11}" for n in range(60)),
    ),
    "leaks": csv(
        "id,sold,sum,note,kind",
        *(
            f"{n},{n % 7},{n // 30 * 100 + n % 9},{'kept' if n < 30 else 'sent back'},{'ab'[n // 30]}"
            for n in range(60)
        ),
    ),
    "units": csv("celsius,fahrenheit,wind", *(f"{n % 31},{n % 31 * 1.8 + 32:.1f},{n * 7 % 11}" for n in range(60))),
    "uneven": csv("day,sold", *(f"{date(1990, 1, 1) + timedelta(n**3)},{n}" for n in range(30))),
}

REFUSED = {
    "a dataset that is not there": (["plane", "--target", "kind"], "Did you mean 'plain'"),
    "a target that is not there": (["plain", "--target", "kinds"], "Did you mean 'kind'"),
    "a target without any value": (["plain", "--target", "void"], "is empty in every row"),
    "a target with one class": (["plain", "--target", "same"], "the same value in every row"),
    "two rows": (["two", "--target", "kind"], "a race needs at least 10"),
    "nothing to learn from": (["alone", "--target", "kind"], "There is nothing to predict"),
    "ten thousand classes": (["names", "--target", "name"], "10000 different values"),
    "more folds than the rarest class has rows": (
        ["rare", "--target", "kind"],
        "The rarest class",
    ),
    "more folds than rows": (["two", "--task", "clustering"], "at least 10"),
    "numbers asked of words": (
        ["plain", "--target", "place", "--task", "regression"],
        "classification instead",
    ),
    "a date to predict": (["plain", "--target", "day"], "Choose a target of numbers"),
    "a candidate that is not there": (["plain", "--target", "kind", "--candidates", "tre"], "Did you mean 'tree'"),
    "no candidate at all": (["plain", "--target", "kind", "--candidates", ","], "No candidate was named"),
    "a metric that is not there": (["plain", "--target", "kind", "--metric", "AUK"], "Did you mean 'AUC'"),
    "a metric of another task": (["plain", "--target", "kind", "--metric", "R2"], "no metric 'R2' for classification"),
    "an import path that is none": (["plain", "--target", "kind", "--candidates", "acme:"], "acme:"),
    "an own class for a task without a target": (
        ["plain", "--task", "clustering", "--candidates", f"{OWN}:Good"],
        "clustering",
    ),
    "no target for a classification": (["plain", "--task", "classification"], "Name one of the columns"),
    "a target for a clustering": (["plain", "--task", "clustering", "--target", "kind"], "Leave the target out"),
    "a setting of another task": (["plain", "--target", "kind", "--clusters", "3"], "ask for the task clustering"),
    "groups that are not there": (
        ["visits", "--target", "size", "--groups", "patiens"],
        "Did you mean 'patient'",
    ),
    "groups that are the target": (["visits", "--target", "ward", "--groups", "ward"], "'ward' is the target"),
    "a group that is not said": (["visits", "--target", "ward", "--groups", "bed"], "1 row does not say what group"),
    "two groups in three folds": (
        ["visits", "--target", "size", "--groups", "ward"],
        "Each of 3 folds needs a group of its own, and 'ward' has only 2 values. Ask for at most 2 folds, or name",
    ),
    "one group": (["plain", "--target", "kind", "--groups", "same"], "has only one value"),
    "groups for a task that has none": (
        ["visits", "--task", "clustering", "--groups", "patient"],
        "ask for the task classification or regression",
    ),
    "a series without a date": (["two", "--task", "time_series", "--target", "size"], "No column holds dates"),
    "a series of words": (["plain", "--task", "time_series", "--target", "kind"], "one of numbers"),
    "a series with a moment twice": (["twice", "--task", "time_series", "--target", "sold"], "Add them up by moment"),
    "a series with a row of no moment": (
        ["undated", "--task", "time_series", "--target", "sold"],
        "1 row does not",
    ),
    "a series too short for its folds": (
        ["series", "--task", "time_series", "--target", "sold", "--horizon", "30"],
        "Ask for a shorter horizon",
    ),
}

RACED = {
    "infinite values": (["infinite", "--target", "kind"], ""),
    "ten thousand categories": (["names", "--target", "kind"], ""),
    "rows without a target": (["gaps", "--target", "kind"], "6 rows take no part"),
    "an empty column and one that never varies": (["plain", "--target", "kind"], "void is left out"),
    "a column that repeats the class": (
        ["leaks", "--target", "kind"],
        "The column note tells kind by itself: each of its values goes with one class only. Leave it out",
    ),
    "rows numbered class by class": (["leaks", "--target", "kind"], "The column id tells kind by itself: sorted by it"),
    "the target in another unit": (
        ["units", "--target", "celsius", "--task", "regression"],
        "The column fahrenheit tells celsius by itself: times a number",
    ),
    "a group in every fold": (
        ["visits", "--target", "ward", "--groups", "clinic"],
        "each of 3 values of clinic stay in one fold",
    ),
    "numbers of whole groups": (
        ["visits", "--target", "size", "--task", "regression", "--groups", "patient"],
        "each of 20 values of patient stay in one fold",
    ),
    "dates out of order": (["series", "--task", "time_series", "--target", "sold"], "Time: day"),
}

FAILED = {
    "raises": (f"{OWN}:Raises", "RuntimeError: the tank is empty"),
    "hangs": (f"{OWN}:Hangs", "OutOfTime"),
    "eats memory": (f"{OWN}:EatsMemory", "OutOfMemory"),
    "answers with what is no number": (f"{OWN}:PredictsNothing", "PredictionsNotFinite"),
    "ends its process": (f"{OWN}:Exits", "WorkerDied"),
    "is not installed": ("acme.models:Booster", "the workers cannot import acme.models"),
    "is not in its module": (f"{OWN}:Booster", "Booster"),
    "is no estimator": ("pathlib:Path", "EstimatorUnusable"),
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    folder = tmp_path_factory.mktemp("bad")
    platform = RunningPlatform.start(folder / "home")
    platform.ready()
    for name, content in FILES.items():
        ingest(platform, folder / f"{name}.csv", content)
    yield platform
    assert platform.stop() == 0


def ingest(platform: RunningPlatform, file: Path, content: str) -> None:
    file.write_text(content)
    done = platform.run("ingest", str(file), "--name", file.stem)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_raced_is_refused_before_the_first_fit(running: RunningPlatform, case: str) -> None:
    asked, words = REFUSED[case]
    refused = running.run("train", *asked, *QUICK)
    assert refused.returncode == 1
    assert words in " ".join(refused.stderr.split())


@pytest.mark.parametrize("case", RACED)
def test_what_is_odd_is_raced_and_said(running: RunningPlatform, case: str) -> None:
    asked, words = RACED[case]
    candidates = "naive,ridge" if "time_series" in asked else "ridge,tree"
    raced = running.run("train", *asked, *QUICK, "--candidates", candidates, "--watch")
    assert raced.returncode == 0, raced.stderr
    assert "failed" not in raced.stdout
    assert words in " ".join(raced.stdout.split())


def test_bad_candidates_fail_each_for_its_reason_and_the_race_of_the_others_goes_on(running: RunningPlatform) -> None:
    names = ",".join(["tree", f"{OWN}:Good", *(path for path, _words in FAILED.values())])
    limits = ("--fit-seconds", "5", "--fit-megabytes", "1500")
    board = running.json("train", "plain", "--target", "kind", *QUICK, "--candidates", names, *limits, "--watch")
    standings: dict[str, Any] = {standing["candidate"]: standing for standing in board["standings"]}
    for candidate in ("tree", f"{OWN}:Good"):
        assert (standings[candidate]["completed"], standings[candidate]["problem"]) == (3, None)
    for case, (candidate, words) in FAILED.items():
        assert standings[candidate]["failed"] == 3, case
        assert words in standings[candidate]["problem"], case


def test_a_class_that_whole_groups_keep_from_a_fold_fails_in_words(running: RunningPlatform) -> None:
    raced = running.run(
        "train", "visits", "--target", "kind", "--groups", "clinic", *QUICK, "--candidates", "tree", "--watch"
    )
    assert raced.returncode == 1
    assert "FoldLacksClass" in raced.stdout
    assert "no row of the class 'b'" in " ".join(raced.stdout.split())


def test_a_series_too_uneven_fails_in_words_and_has_no_winner(running: RunningPlatform) -> None:
    asked = ("uneven", "--task", "time_series", "--target", "sold", "--candidates", "naive")
    raced = running.run("train", *asked, *QUICK, "--watch")
    assert raced.returncode == 1
    assert "too uneven" in raced.stdout
