import datetime as dt

import numpy as np
import pandas as pd
import pytest

from contracts.ingest import LogicalType
from ml.engines.intake import FeatureUnreadable, Intake, NothingToLearnFrom


def taken_in(values: list[object], type_: LogicalType, name: str = "x") -> pd.DataFrame:
    frame = pd.DataFrame({name: values})
    return Intake.learn(frame, {name: type_}).apply(frame)


def test_whole_numbers_stay_whole_unless_one_is_missing() -> None:
    assert taken_in([1, 2], "integer")["x"].dtype == np.int64
    assert taken_in([1, None], "integer")["x"].dtype == float


def test_infinities_count_as_missing() -> None:
    assert taken_in([1.0, float("inf")], "float")["x"].isna().tolist() == [False, True]


def test_truths_become_numbers() -> None:
    assert taken_in([True, False, None], "boolean")["x"].tolist()[:2] == [1, 0]


def test_strings_stay_strings_and_missing_ones_stay_missing() -> None:
    taken = taken_in(["a", None, "b"], "string")["x"]
    assert taken.tolist()[::2] == ["a", "b"]
    assert isinstance(taken[1], float)


@pytest.mark.parametrize(
    "moment",
    [
        "2013-07-08T10:30:00",
        "2013-07-08T10:30:00Z",
        "2013-07-08 06:30:00-04:00",
        dt.datetime(2013, 7, 8, 10, 30),  # noqa: DTZ001 - as Parquet gives it
        pd.Timestamp("2013-07-08T10:30", tz="UTC"),
    ],
)
def test_a_moment_is_the_same_however_it_is_written(moment: object) -> None:
    parts = taken_in([moment, moment], "timestamp").iloc[0]
    assert parts[["x__year", "x__month", "x__day", "x__weekday", "x__hour"]].tolist() == [2013, 7, 8, 0, 10]
    assert parts["x__days"] == pytest.approx(15894.4375)


@pytest.mark.parametrize("day", ["2013-07-08", dt.date(2013, 7, 8), pd.Timestamp("2013-07-08")])
def test_a_day_has_no_hour(day: object) -> None:
    taken = taken_in([day, None], "date")
    assert "x__hour" not in taken
    assert taken["x__days"].tolist()[0] == 15894
    assert taken.iloc[1].isna().all()


def test_columns_that_hold_nothing_are_left_out() -> None:
    frame = pd.DataFrame({"some": [1.0, None], "none": [None, None]})
    assert list(Intake.learn(frame, {"some": "float", "none": "float"}).apply(frame)) == ["some"]


def test_nothing_but_empty_columns_is_refused() -> None:
    with pytest.raises(NothingToLearnFrom, match="Add a column"):
        taken_in([None, None], "float")


def test_names_that_engines_choke_on_become_plain_and_stay_apart() -> None:
    frame = pd.DataFrame({"a b": [1], "a_b": [2], "a[b": [3]})
    intake = Intake.learn(frame, dict.fromkeys(frame, "float"))
    assert intake.apply(frame).to_dict("list") == {"a_b": [1], "a_b_": [2], "a_b__": [3]}


def test_an_absent_column_is_a_missing_one_and_an_unknown_one_is_passed_over() -> None:
    frame = pd.DataFrame({"a": [1], "b": ["x"]})
    taken = Intake.learn(frame, {"a": "integer", "b": "string"}).apply(pd.DataFrame({"c": [1, 2]}))
    assert list(taken) == ["a", "b"]
    assert taken.isna().all(axis=None)


def test_a_value_of_another_type_is_refused_by_its_column_s_name() -> None:
    intake = Intake.learn(pd.DataFrame({"when it was": ["2020-01-01"]}), {"when it was": "date"})
    with pytest.raises(FeatureUnreadable, match="'when it was' must hold values of type date"):
        intake.apply(pd.DataFrame({"when it was": ["yesterday"]}))
