"""The plan of an experiment: decided once from what is known of the dataset version, then frozen."""

import json
from hashlib import sha256

from contracts.ids import CandidateId
from contracts.ingest import Column, DatasetVersionRegistered
from contracts.training import Candidate, Engine, ExperimentTemplate, Plan, Task
from ml.engines import candidates as offered_by
from ml.metrics import default_metric, metrics_of
from services.training.domain.errors import (
    FoldsExceedClass,
    FoldsExceedRows,
    NoCandidates,
    TargetAllMissing,
    TargetHasOneClass,
    TargetMissing,
    TooFewRows,
    TooManyClasses,
    UnknownCandidate,
    UnknownMetric,
)
from services.training.domain.features import choose_features
from services.training.domain.task import NUMBERS, choose_task

FEWEST_ROWS = 10


def decide(version: DatasetVersionRegistered, template: ExperimentTemplate) -> tuple[Plan, tuple[str, ...]]:
    """Return the plan for ``template`` on a dataset version, and what the asker should know about it.

    Raises:
        Refusal: naming the first rule of ``domain.errors`` that says no.
    """
    target = _target(version, template.target)
    rows = version.rows - target.missing
    task, chosen = choose_task(template.task, target, rows)
    _check_rows(target, rows, task, template.folds)
    features, left_out = choose_features(version.columns, target.name, version.rows)
    plan = Plan(
        dataset=version.name,
        dataset_version=version.version,
        data=version.data,
        data_digest=version.data_digest,
        rows=rows,
        features=features,
        target=target.name,
        task=task,
        engine=template.engine,
        candidates=_candidates(template.engine, task, template.candidates),
        folds=template.folds,
        seed=template.seed,
        metric=_metric(template.metric, task, target.distinct),
        fit_seconds=template.fit_seconds,
        fit_megabytes=template.fit_megabytes,
    )
    return plan, (*chosen, *_without_target(target), *left_out)


def canonical(plan: Plan) -> bytes:
    """Return the plan as bytes: the same plan gives the same bytes, on any machine."""
    # Without what is None, so that a later optional field leaves the plans of today as they are.
    values = plan.model_dump(mode="json", exclude_none=True)
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(plan: Plan) -> str:
    """Return the plan's SHA-256, which stands in every fact of its experiments."""
    return sha256(canonical(plan)).hexdigest()


def _target(version: DatasetVersionRegistered, name: str) -> Column:
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


def _candidates(engine: Engine, task: Task, asked: tuple[CandidateId, ...] | None) -> tuple[Candidate, ...]:
    offered = {name: Candidate(id=CandidateId(name), name=title) for name, title in offered_by(engine, task)}
    if asked is None:
        return tuple(offered.values())
    if not asked:
        raise NoCandidates(offered)
    for name in asked:
        if name not in offered:
            raise UnknownCandidate(name, engine, task, offered)
    return tuple(offered[name] for name in dict.fromkeys(asked))


def _metric(asked: str | None, task: Task, classes: int) -> str:
    if asked is None:
        return default_metric(task, classes)
    offered = {name.lower(): name for name in metrics_of(task)}
    if asked.lower() not in offered:
        raise UnknownMetric(asked, task, offered.values())
    return offered[asked.lower()]


def _without_target(target: Column) -> list[str]:
    if not target.missing:
        return []
    rows = "1 row takes" if target.missing == 1 else f"{target.missing} rows take"
    return [f"{rows} no part: {target.name} is empty there."]
