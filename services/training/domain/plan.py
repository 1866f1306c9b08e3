"""The plan of an experiment: decided once from what is known of the dataset version, then frozen."""

from collections.abc import Collection

from contracts.ids import CandidateId
from contracts.ingest import DatasetVersionRegistered
from contracts.training import Candidate, ExperimentTemplate, Plan, Task
from ml.engines import candidates as offered_by
from ml.engines.own import ImportPathMalformed, is_own, name_of
from ml.engines.rosters import MANY_ROWS, QUADRATIC
from ml.metrics import default_metric, metrics_of
from services.training.domain.errors import (
    BudgetTooSmall,
    MalformedImportPath,
    NoCandidates,
    OwnEstimatorUnsuitable,
    UnknownCandidate,
    UnknownMetric,
)
from services.training.domain.features import choose_features
from services.training.domain.question import Question, choose_question
from services.training.domain.rule import choose_rule


def decide(version: DatasetVersionRegistered, template: ExperimentTemplate) -> tuple[Plan, tuple[str, ...]]:
    """Return the plan for ``template`` on a dataset version, and what the asker should know about it.

    Raises:
        Refusal: naming the first rule of ``domain.errors`` that says no.
    """
    question = choose_question(version, template)
    columns = [column for column in version.columns if column.name != template.groups]
    features, left_out = choose_features(columns, question.target, version.rows)
    candidates, not_raced = _candidates(template, question)
    budget, unpaid = _budget(template, len(candidates))
    plan = Plan(
        dataset=version.name,
        dataset_version=version.version,
        data=version.data,
        data_digest=version.data_digest,
        rows=question.rows,
        features=features,
        target=question.target,
        task=question.task,
        engine=template.engine,
        candidates=candidates,
        folds=template.folds,
        seed=template.seed,
        metric=_metric(template.metric, question.task, question.classes),
        clusters=question.clusters,
        anomalies=question.anomalies,
        forecast=question.forecast,
        budget=budget,
        groups=template.groups,
        fit_seconds=template.fit_seconds,
        fit_megabytes=template.fit_megabytes,
        margin=template.margin,
    )
    rule, on_rule = choose_rule(template.rule, plan)
    return plan.model_copy(update={"rule": rule}), (*question.notes, *not_raced, *unpaid, *left_out, *on_rule)


def _candidates(template: ExperimentTemplate, question: Question) -> tuple[tuple[Candidate, ...], list[str]]:
    engine, task, asked = template.engine, question.task, template.candidates
    offered = {name: Candidate(id=CandidateId(name), name=title) for name, title in offered_by(engine, task)}
    if asked is None:
        slow = QUADRATIC.get(task, frozenset()) & offered.keys() if question.rows > MANY_ROWS else frozenset()
        return tuple(offered[name] for name in offered if name not in slow), _too_slow(slow, question.rows)
    if not asked:
        raise NoCandidates(offered)
    for name in asked:
        if is_own(name):
            offered[name] = _own(name, task)
        elif name not in offered:
            raise UnknownCandidate(name, engine, task, offered)
    return tuple(offered[name] for name in dict.fromkeys(asked)), []


def _budget(template: ExperimentTemplate, candidates: int) -> tuple[int | None, list[str]]:
    """Return the budget of fits, None where it pays for all, so that the plan is the same as without it."""
    budget, folds = template.budget, template.folds
    if budget is None or budget >= folds * candidates:
        return None, []
    paid = budget // candidates
    if paid < 2:
        raise BudgetTooSmall(budget, candidates)
    unspent = budget - paid * candidates
    stay = "stays" if unspent == 1 else "stay"
    left = f"; {unspent} {stay} unspent, since a fold is raced by all or by none" if unspent else ""
    return budget, [f"{budget} fits pay for {paid} of {folds} folds of {candidates} candidates{left}."]


def _too_slow(names: Collection[str], rows: int) -> list[str]:
    if not names:
        return []
    return [
        f"Not raced, since their work grows with the square of {rows} rows: {', '.join(sorted(names))}. "
        "Name candidates to race them all the same."
    ]


def _own(path: CandidateId, task: Task) -> Candidate:
    if task not in {"classification", "regression"}:
        raise OwnEstimatorUnsuitable(path, task)
    try:
        return Candidate(id=path, name=name_of(path))
    except ImportPathMalformed:
        raise MalformedImportPath(path) from None


def _metric(asked: str | None, task: Task, classes: int | None) -> str:
    if asked is None:
        return default_metric(task, classes)
    offered = {name.lower(): name for name in metrics_of(task)}
    if asked.lower() not in offered:
        raise UnknownMetric(asked, task, offered.values())
    return offered[asked.lower()]
