"""What is asked of a dataset version: the task, and what belongs to it."""

from dataclasses import dataclass

from contracts.ingest import Column, DatasetVersionRegistered
from contracts.training import ExperimentTemplate, Forecast, Task
from services.training.domain.errors import (
    FoldsExceedClass,
    FoldsExceedRows,
    SettingUnused,
    TargetAllMissing,
    TargetHasOneClass,
    TargetMissing,
    TargetNotNamed,
    TargetUnused,
    TooFewRows,
    TooManyClasses,
)
from services.training.domain.forecast import choose_forecast
from services.training.domain.groups import check_groups
from services.training.domain.task import NUMBERS, choose_task

FEWEST_ROWS = 10
_CLUSTERS = 4
_ANOMALIES = 0.05

_BELONGS_TO: dict[str, Task] = {
    "clusters": "clustering",
    "anomalies": "anomaly_detection",
    "time": "time_series",
    "horizon": "time_series",
    "season": "time_series",
}
"""Settings of one task only."""


@dataclass(frozen=True)
class Question:
    """What a plan says of its task."""

    task: Task
    rows: int
    """Rows that take part."""
    notes: tuple[str, ...] = ()
    """What the asker should know about it."""
    target: str = ""
    classes: int | None = None
    """How many values the target has."""
    clusters: int | None = None
    anomalies: float | None = None
    forecast: Forecast | None = None


def choose_question(version: DatasetVersionRegistered, template: ExperimentTemplate) -> Question:
    """Return what ``template`` asks of a dataset version.

    Raises:
        Refusal: naming the first rule of ``domain.errors`` that says no.
    """
    if template.task in {"clustering", "anomaly_detection"}:
        return _without_target(version, template)
    target = _target(version, template)
    rows = version.rows - target.missing
    task, chosen = choose_task(template.task, target, rows)
    _check_settings(template, task)
    chosen += check_groups(version, template, task)
    forecast = None
    if task == "time_series":
        forecast, said = choose_forecast(version, target, template)
        chosen += said
    else:
        _check_rows(target, rows, task, template.folds)
    notes = (*chosen, *_rows_left_out(target))
    return Question(task, rows, notes, target=target.name, classes=target.distinct, forecast=forecast)


def _without_target(version: DatasetVersionRegistered, template: ExperimentTemplate) -> Question:
    task: Task = "clustering" if template.task == "clustering" else "anomaly_detection"
    if template.target:
        raise TargetUnused(task, template.target)
    _check_settings(template, task)
    check_groups(version, template, task)
    if version.rows < FEWEST_ROWS:
        raise TooFewRows(version.rows, FEWEST_ROWS)
    if template.folds > version.rows:
        raise FoldsExceedRows(template.folds, version.rows)
    if task == "clustering":
        return Question(task, version.rows, clusters=template.clusters or _CLUSTERS)
    return Question(task, version.rows, anomalies=template.anomalies or _ANOMALIES)


def _check_settings(template: ExperimentTemplate, task: Task) -> None:
    for setting, owner in _BELONGS_TO.items():
        if getattr(template, setting) is not None and owner != task:
            raise SettingUnused(setting, task, owner)


def _target(version: DatasetVersionRegistered, template: ExperimentTemplate) -> Column:
    name = template.target
    if not name:
        raise TargetNotNamed(template.task, (column.name for column in version.columns))
    for column in version.columns:
        if column.name == name:
            break
    else:
        raise TargetMissing(name, (column.name for column in version.columns))
    if column.missing >= version.rows:
        raise TargetAllMissing(name)
    return column


def _check_rows(target: Column, rows: int, task: Task, folds: int) -> None:
    if rows < FEWEST_ROWS:
        raise TooFewRows(rows, FEWEST_ROWS)
    if target.distinct < 2:
        raise TargetHasOneClass(target.name)
    if task == "regression":
        if folds > rows:
            raise FoldsExceedRows(folds, rows)
        return
    most = rows // target.distinct
    if most < 2:
        raise TooManyClasses(target.name, target.distinct, rows, guessed=False)
    # Each fold needs a row of each class. A version of an earlier release says only how many rows the rarest can have.
    rarest = most if target.rarest is None else target.rarest
    if folds > rarest:
        raise FoldsExceedClass(folds, target.name, rarest, numbers=target.type in NUMBERS)


def _rows_left_out(target: Column) -> list[str]:
    if not target.missing:
        return []
    rows = "1 row takes" if target.missing == 1 else f"{target.missing} rows take"
    return [f"{rows} no part: {target.name} is empty there."]
