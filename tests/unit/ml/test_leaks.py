from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine

from ml.leaks import How, leaks_of
from ml.metrics import Task

CHANCE = np.random.default_rng(5)
ROWS = 300
CLASSES = CHANCE.integers(0, 3, ROWS)
NUMBERS = CHANCE.normal(100, 20, ROWS)
NOISE = CHANCE.normal(size=ROWS)
GAPS = CHANCE.random(ROWS) < 0.3


def found(column: Any, target: Any, task: Task = "classification") -> How | None:
    return leaks_of(pa.table({"column": column, "noise": NOISE[: len(target)], "target": target}), "target", task).get(
        "column"
    )


def with_gaps(values: Any) -> list[Any]:
    return [None if gap else value for gap, value in zip(GAPS, values, strict=True)]


def by_class(*of_each: Any) -> list[Any]:
    return [of_each[each] for each in CLASSES]


LEAKS = {
    "other words for the classes": (by_class("low", "middle", "high"), "values"),
    "other words, not all known": (with_gaps(by_class("low", "middle", "high")), "values"),
    "several words for each class": ([f"{each}{n % 4}" for n, each in enumerate(CLASSES)], "values"),
    "a day for each class": (by_class(date(2001, 1, 1), date(2001, 1, 2), date(1999, 1, 1)), "values"),
    "the score that the classes were cut from": (CLASSES * 10 + CHANCE.random(ROWS), "order"),
    "such a score, not all known": (with_gaps(-CLASSES * 10 + CHANCE.random(ROWS)), "order"),
    "a row number, the rows sorted by class": (np.argsort(np.argsort(CLASSES, kind="stable")), "order"),
    "a moment, the rows sorted by class": (
        [datetime(2001, 1, 1) + timedelta(seconds=int(n)) for n in np.argsort(np.argsort(CLASSES, kind="stable"))],  # noqa: DTZ001
        "order",
    ),
}
LEAKS_OF_TWO = {
    "yes and no": (CLASSES > 0, "values"),
    "what is written down for one class only": (
        [f"note {n}" if each else None for n, each in enumerate(CLASSES)],
        "gaps",
    ),
}
LEAKS_OF_NUMBERS = {
    "the same in another unit": (NUMBERS * 1.8 + 32, "linear"),
    "its negative, rounded": (np.round(-NUMBERS, 1), "linear"),
    "the same, not all known": (with_gaps(NUMBERS), "linear"),
    "its cube": ((NUMBERS - 100) ** 3, "monotone"),
    "its rank as a whole number": (np.argsort(np.argsort(-NUMBERS)), "monotone"),
    "a moment, the rows sorted by the target": (
        [datetime(2001, 1, 1) + timedelta(days=int(n) ** 2) for n in np.argsort(np.argsort(NUMBERS))],  # noqa: DTZ001
        "monotone",
    ),
    "the same with an infinite value": (np.where(np.arange(ROWS) == 7, np.inf, NUMBERS), "linear"),
}
HONEST = {
    "noise": NOISE,
    "a number for each row": np.arange(ROWS),
    "a word for each row": [f"row {n}" for n in range(ROWS)],
    "one value": ["same"] * ROWS,
    "no value": pa.nulls(ROWS, pa.string()),
    "nothing but infinity": np.full(ROWS, np.inf),
    "gaps at random": with_gaps(["here"] * ROWS),
    "a good feature": CLASSES + CHANCE.normal(0, 0.4, ROWS),
    "words that are wrong once": ["middle", *by_class("low", "middle", "high")[1:]],
}


@pytest.mark.parametrize("case", LEAKS)
@pytest.mark.parametrize("target", [CLASSES, CLASSES / 2, by_class("a", "b", "c")], ids=["whole", "fraction", "string"])
def test_a_column_that_tells_the_class_is_found(case: str, target: Any) -> None:
    column, how = LEAKS[case]
    assert found(column, target) == how


@pytest.mark.parametrize("case", LEAKS_OF_TWO)
def test_a_column_that_tells_which_of_two_is_found(case: str) -> None:
    column, how = LEAKS_OF_TWO[case]
    assert found(column, CLASSES > 0) == how


@pytest.mark.parametrize("case", LEAKS_OF_NUMBERS)
def test_a_column_that_tells_the_number_is_found(case: str) -> None:
    column, how = LEAKS_OF_NUMBERS[case]
    assert found(column, NUMBERS, "regression") == how


@pytest.mark.parametrize("case", HONEST)
def test_a_column_that_tells_little_is_not(case: str) -> None:
    target = np.where(np.arange(ROWS) == 0, 2, CLASSES)
    assert found(HONEST[case], target) is None
    assert found(HONEST[case], NUMBERS, "regression") is None
    assert found(HONEST[case], NUMBERS, "time_series") is None


def test_rows_without_a_target_say_nothing() -> None:
    target = [None if gap else int(each) for gap, each in zip(GAPS, CLASSES, strict=True)]
    wrong_there = np.where(GAPS, 7, CLASSES)
    assert found(wrong_there, target) == "values"
    assert found(wrong_there, [None] * ROWS) is None


def test_a_few_rows_prove_nothing() -> None:
    few = np.array([0, 1] * 6)
    assert found(few, few) is None
    assert found(np.arange(8.0), np.arange(8.0), "regression") is None


def test_a_rare_class_is_not_told_by_what_any_three_rows_would_be() -> None:
    rare = np.zeros(10_000, dtype=int)
    rare[:3] = 1
    chance = np.random.default_rng(8)
    honest = {f"often repeated {n}": chance.integers(0, 5_000, len(rare)) for n in range(50)}
    honest |= {f"seldom repeated {n}": chance.integers(0, 50_000, len(rare)) for n in range(50)}
    honest["repeated, but not for these three"] = np.where(rare, -np.arange(len(rare)), np.arange(len(rare)) // 3)
    honest["highest for these three"] = np.where(rare, 9.0, chance.random(len(rare)))
    assert leaks_of(pa.table({**honest, "copy": rare * 7, "target": rare}), "target", "classification") == {
        "copy": "values"
    }


def test_an_outlier_makes_no_line() -> None:
    far = np.where(np.arange(ROWS) == 7, 1e9, NOISE)
    assert abs(np.corrcoef(far, np.roll(NUMBERS, 1) + far)[0, 1]) > 0.9999
    assert found(far, NUMBERS + far * 3 - NOISE * 3, "regression") is None


def test_rows_that_are_there_twice_make_no_value_tell() -> None:
    twice = np.arange(2 * ROWS) % ROWS
    rows = pa.table({"noise": NOISE[twice], "target": CLASSES[twice]})
    assert leaks_of(rows, "target", "classification") == {}


def test_the_order_of_words_tells_nothing() -> None:
    assert found([f"row {n:03}" for n in range(ROWS)], np.sort(CLASSES)) is None


def test_of_a_series_only_what_equals_it_at_once_tells() -> None:
    rows = pa.table({"copy": NUMBERS, "before": np.roll(NUMBERS, 1), "other": NUMBERS + 5, "target": NUMBERS})
    assert leaks_of(rows, "target", "time_series") == {"copy": "equal"}


def test_without_a_target_nothing_leaks() -> None:
    rows = pa.table({"one": NUMBERS, "other": NUMBERS})
    assert leaks_of(rows, "", "clustering") == leaks_of(rows, "", "anomaly_detection") == {}


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer])
def test_honest_classifications_have_no_leak(load: Any) -> None:
    assert leaks_of(pa.Table.from_pandas(load(as_frame=True).frame), "target", "classification") == {}


def test_no_column_of_an_honest_regression_tells_another() -> None:
    rows = pa.Table.from_pandas(load_diabetes(as_frame=True).frame)
    assert all(leaks_of(rows, name, "regression") == {} for name in rows.column_names)
