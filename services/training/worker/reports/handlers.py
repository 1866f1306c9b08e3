"""Questions about a model version in, facts that name the tables out."""

from collections.abc import Sequence

from contracts.asked import AskedRows
from contracts.errors import Refusal
from contracts.ids import CandidateId, ModelVersionId
from contracts.message import Message
from contracts.plans import raced_folds
from contracts.reports import (
    ExplainPrediction,
    ExplanationRefused,
    ModelVersionReported,
    PredictionExplained,
    ReportModelVersion,
    ReportRefused,
)
from contracts.training import FitCompleted, ModelVersionCreated, Plan
from infra.clock import Clock
from services.training.domain.fits import fit_id
from services.training.domain.report_errors import (
    ExplanationFailed,
    FoldsUnknown,
    ModelVersionUnknown,
    ReportFailed,
    RowsUnfit,
)
from services.training.worker.errors import WorkImpossible
from services.training.worker.records import Records
from services.training.worker.reports.desk import Desk, Found

_UNFIT = frozenset({"ColumnMissing", "ValueUnreadable", "FeatureUnreadable", "MomentUnreadable", "MomentOutOfReach"})
"""Errors that say that rows are not what a model version takes."""


def report_model_version(command: ReportModelVersion, desk: Desk, records: Records, clock: Clock) -> list[Message]:
    """Report what a model version is worth, unless that was done before."""
    id_ = ModelVersionId(command.model_version_id)
    if (earlier := records.report(id_)) is not None:
        return [earlier]
    try:
        version = _known(id_, records)
        plan = desk.plan_of(version)
        fits = _raced(version, plan, records)
        found = _reported_by(desk, version, fits, _rivals(version, plan, records))
    except Refusal as refusal:
        return [ReportRefused(model_version_id=id_, **_said(refusal))]
    return [records.keep_report(_reported(version, plan, fits, found, clock))]


def explain_prediction(command: ExplainPrediction, desk: Desk, records: Records, clock: Clock) -> list[Message]:
    """Say which features made a prediction what it is, unless that was done before."""
    id_ = command.prediction_id
    if (earlier := records.explanation(id_)) is not None:
        return [earlier]
    try:
        asked = desk.asked(id_)
        found = _explained_by(desk, _known(asked.model_version_id, records), asked, id_)
    except Refusal as refusal:
        return [ExplanationRefused(prediction_id=id_, **_said(refusal))]
    return [records.keep_explanation(_explained(id_, asked.model_version_id, found, clock))]


def _known(id_: ModelVersionId, records: Records) -> ModelVersionCreated:
    version = records.model_version(id_)
    if version is None:
        raise ModelVersionUnknown(id_)
    return version


def _raced(version: ModelVersionCreated, plan: Plan, records: Records) -> list[FitCompleted]:
    """Return the candidate's fits, fold by fold; one that failed, or was retired before a fold, has fewer."""
    fits = _fits_of(version.candidate.id, version, plan, records)
    if not fits:
        raise FoldsUnknown(version.model_version_id, version.candidate.name)
    return fits


def _rivals(version: ModelVersionCreated, plan: Plan, records: Records) -> list[list[FitCompleted]]:
    """Return the fits of each other candidate that has raced every fold, as the winner was chosen among these."""
    others = (each.id for each in plan.candidates if each.id != version.candidate.id)
    found = (_fits_of(candidate, version, plan, records) for candidate in others)
    return [fits for fits in found if len(fits) == raced_folds(plan)]


def _fits_of(candidate: CandidateId, version: ModelVersionCreated, plan: Plan, records: Records) -> list[FitCompleted]:
    folds = range(raced_folds(plan))
    found = (records.fit(fit_id(version.experiment_id, plan, candidate, fold)) for fold in folds)
    return [fit for fit in found if fit is not None]


def _reported_by(
    desk: Desk, version: ModelVersionCreated, fits: Sequence[FitCompleted], rivals: Sequence[Sequence[FitCompleted]]
) -> Found:
    try:
        return desk.report(version, fits, rivals)
    except WorkImpossible as failure:
        raise ReportFailed(version.model_version_id, str(failure)) from failure


def _explained_by(desk: Desk, version: ModelVersionCreated, asked: AskedRows, prediction_id: str) -> Found:
    try:
        return desk.explain(version, asked)
    except WorkImpossible as failure:
        if failure.reason in _UNFIT:
            raise RowsUnfit(prediction_id, failure.detail) from failure
        raise ExplanationFailed(prediction_id, str(failure)) from failure


def _reported(
    version: ModelVersionCreated, plan: Plan, fits: Sequence[FitCompleted], found: Found, clock: Clock
) -> ModelVersionReported:
    return ModelVersionReported(
        model_version_id=version.model_version_id,
        experiment_id=version.experiment_id,
        candidate=version.candidate,
        dataset=version.dataset,
        dataset_version=version.dataset_version,
        task=version.task,
        target=version.target,
        metric=plan.metric,
        folds=len(fits),
        rows=found.rows,
        tables=found.tables,
        notes=found.notes,
        created_at=clock(),
    )


def _explained(prediction_id: str, id_: ModelVersionId, found: Found, clock: Clock) -> PredictionExplained:
    (table,) = found.tables
    return PredictionExplained(
        prediction_id=prediction_id,
        model_version_id=id_,
        rows=found.rows,
        table=table,
        notes=found.notes,
        explained_at=clock(),
    )


def _said(refusal: Refusal) -> dict[str, str]:
    return {"reason": refusal.reason, "cause": refusal.cause, "cure": refusal.cure}
