"""How a time series is foretold, from what is known of its columns."""

from collections.abc import Sequence

from contracts.ingest import Column, DatasetVersionRegistered
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
from services.training.domain.task import NUMBERS

_USUAL_HORIZON = 12
_MOMENTS = {"date", "timestamp"}
_FEWEST_BEFORE = 10
"""Rows that come before the first that is foretold."""


def choose_forecast(
    version: DatasetVersionRegistered, target: Column, template: ExperimentTemplate
) -> tuple[Forecast, list[str]]:
    """Return how the series of ``target`` is foretold, and a sentence on what was chosen for the asker.

    Raises:
        Refusal: naming the first rule that says no.
    """
    if target.type not in NUMBERS:
        raise TargetNotNumeric(target.name, target.type)
    time = _time(version.columns, template.time, target)
    if time.missing:
        raise MomentsMissing(time.name, time.missing)
    if time.distinct < version.rows:
        raise MomentsRepeated(time.name, version.rows, time.distinct)
    rows = version.rows - target.missing
    horizon = template.horizon or min(_USUAL_HORIZON, max(rows // (2 * template.folds), 1))
    if rows < template.folds * horizon + _FEWEST_BEFORE:
        raise SeriesTooShort(rows, template.folds, horizon, _FEWEST_BEFORE)
    chosen = [] if template.time else [f"Time: {time.name}."]
    if template.horizon is None:
        chosen.append(f"Horizon: {horizon} steps in each of {template.folds} folds.")
    return Forecast(time=time.name, horizon=horizon, season=template.season), chosen


def _time(columns: Sequence[Column], asked: str | None, target: Column) -> Column:
    others = [column for column in columns if column.name != target.name]
    if asked is None:
        suitable = [column for column in others if column.type in _MOMENTS]
        if len(suitable) != 1:
            raise TimeUnclear([column.name for column in suitable])
        return suitable[0]
    for column in others:
        if column.name == asked:
            if column.type not in {*_MOMENTS, "integer"}:
                raise TimeUnsuitable(asked, column.type)
            return column
    raise TimeNotFound(asked, (column.name for column in others))
