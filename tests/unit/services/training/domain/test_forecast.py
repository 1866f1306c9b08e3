from typing import Any

import pytest

from contracts.errors import Refusal
from contracts.ingest import Column
from contracts.training import ExperimentTemplate, Forecast
from services.training.domain.errors import (
    MomentsMissing,
    MomentsRepeated,
    SeriesTooShort,
    TargetNotNumeric,
    TimeNotFound,
    TimeUnclear,
    TimeUnsuitable,
)
from services.training.domain.forecast import choose_forecast
from tests.builders.messages import a_dataset_version

SALES = Column(name="sales", type="float", missing=0, distinct=90)
MONTH = Column(name="month", type="date", missing=0, distinct=100)
SHOP = Column(name="shop", type="string", missing=0, distinct=3)


def chosen(*columns: Column, target: Column = SALES, rows: int = 100, **asked: Any) -> Forecast:
    version = a_dataset_version(columns=(*columns, target), rows=rows)
    template = ExperimentTemplate.model_validate({"target": target.name, "task": "time_series", "folds": 3, **asked})
    return choose_forecast(version, target, template)[0]


def test_the_only_date_is_the_time_and_the_horizon_leaves_half_of_the_rows() -> None:
    assert chosen(MONTH, SHOP) == Forecast(time="month", horizon=12)
    assert chosen(MONTH.model_copy(update={"distinct": 40}), rows=40).horizon == 6


def test_years_will_do_if_they_are_named() -> None:
    year = Column(name="year", type="integer", missing=0, distinct=100)
    assert chosen(year, time="year", horizon=2, season=11) == Forecast(time="year", horizon=2, season=11)


@pytest.mark.parametrize(
    ("refusal", "columns", "asked"),
    [
        (TimeUnclear, (SHOP,), {}),
        (TimeUnclear, (MONTH, MONTH.model_copy(update={"name": "day"})), {}),
        (TimeNotFound, (MONTH,), {"time": "mont"}),
        (TimeUnsuitable, (SHOP,), {"time": "shop"}),
        (MomentsMissing, (MONTH.model_copy(update={"missing": 2}),), {}),
        (MomentsRepeated, (MONTH.model_copy(update={"distinct": 50}),), {}),
        (SeriesTooShort, (MONTH,), {"horizon": 40}),
    ],
)
def test_what_is_no_series_is_refused(
    refusal: type[Refusal], columns: tuple[Column, ...], asked: dict[str, Any]
) -> None:
    with pytest.raises(refusal):
        chosen(*columns, **asked)


def test_only_numbers_are_foretold() -> None:
    with pytest.raises(TargetNotNumeric, match="string"):
        chosen(MONTH, target=SHOP)
