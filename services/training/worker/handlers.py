"""Commands in, work done, facts out."""

from contracts.ids import CandidateId, ExperimentId
from contracts.message import Message
from contracts.training import (
    FitCompleted,
    FitFailed,
    FitStarted,
    ModelVersionCreated,
    PerformFit,
    Plan,
    RefitCandidate,
    RefitFailed,
)
from infra.clock import Clock
from infra.objects import Stored
from services.training.worker.errors import Unwanted, WorkImpossible
from services.training.worker.ports import Announce
from services.training.worker.records import Records, model_version_id
from services.training.worker.work import FitReport, RefitReport
from services.training.worker.workbench import Workbench


def perform_fit(
    command: PerformFit, workbench: Workbench, records: Records, announce: Announce, clock: Clock, worker: str
) -> list[Message]:
    """Fit one candidate on one fold, unless that was done before; say nothing if nobody wants it any more."""
    if (earlier := records.fit(command.fit_id)) is not None:
        return [_for(command, earlier)]
    if not workbench.wants(command):
        return []
    announce(_started(command, worker))
    try:
        report, predictions = workbench.fit(command)
    except Unwanted:
        return []
    except WorkImpossible as failure:
        return [_failed(command, failure, clock)]
    return [_for(command, records.keep_fit(_completed(command, report, predictions, clock, worker)))]


def refit_candidate(command: RefitCandidate, workbench: Workbench, records: Records, clock: Clock) -> list[Message]:
    """Make a model version of a candidate, unless that was done before."""
    if (earlier := records.model_version(model_version_id(command))) is not None:
        return [earlier.model_copy(update={"experiment_id": command.experiment_id})]
    try:
        plan = workbench.plan_of(command)
        report, artifact = workbench.refit(command)
    except Unwanted:
        return []
    except WorkImpossible as failure:
        return [_refit_failed(command, failure)]
    created = records.keep_model_version(_created(command, plan, report, artifact, clock))
    return [created.model_copy(update={"experiment_id": command.experiment_id})]


def _for(command: PerformFit, fact: FitCompleted) -> FitCompleted:
    """Return the fact as an answer to this command: experiments with equal plans share their fits."""
    return fact.model_copy(update={"experiment_id": command.experiment_id, "plan_digest": command.plan_digest})


def _started(command: PerformFit, worker: str) -> FitStarted:
    return FitStarted(
        experiment_id=ExperimentId(command.experiment_id),
        candidate=command.candidate,
        fold=command.fold,
        worker=worker,
    )


def _completed(command: PerformFit, report: FitReport, predictions: Stored, clock: Clock, worker: str) -> FitCompleted:
    return FitCompleted(
        experiment_id=ExperimentId(command.experiment_id),
        fit_id=command.fit_id,
        plan_digest=command.plan_digest,
        candidate=command.candidate,
        fold=command.fold,
        scores=report.scores,
        fit_seconds=report.fit_seconds,
        score_seconds=report.score_seconds,
        cpu_seconds=report.cpu_seconds,
        peak_memory_bytes=report.peak_memory_bytes,
        rows=report.rows,
        **(vars(report.cost) if report.cost else {}),
        predictions=predictions.key,
        worker=worker,
        completed_at=clock(),
    )


def _failed(command: PerformFit, failure: WorkImpossible, clock: Clock) -> FitFailed:
    return FitFailed(
        experiment_id=ExperimentId(command.experiment_id),
        fit_id=command.fit_id,
        plan_digest=command.plan_digest,
        candidate=command.candidate,
        fold=command.fold,
        reason=failure.reason,
        detail=failure.detail,
        completed_at=clock(),
    )


def _created(
    command: RefitCandidate, plan: Plan, report: RefitReport, artifact: Stored, clock: Clock
) -> ModelVersionCreated:
    return ModelVersionCreated(
        experiment_id=ExperimentId(command.experiment_id),
        model_version_id=model_version_id(command),
        candidate=next(candidate for candidate in plan.candidates if candidate.id == command.candidate),
        dataset=plan.dataset,
        dataset_version=plan.dataset_version,
        plan_digest=command.plan_digest,
        task=plan.task,
        target=plan.target,
        features=plan.features,
        classes=report.classes,
        artifact=artifact.key,
        artifact_digest=artifact.digest,
        example=report.example,
        created_at=clock(),
    )


def _refit_failed(command: RefitCandidate, failure: WorkImpossible) -> RefitFailed:
    return RefitFailed(
        experiment_id=ExperimentId(command.experiment_id),
        candidate=CandidateId(command.candidate),
        reason=failure.reason,
        cause=f"{command.candidate} could not be refitted on all rows: {failure.detail}.",
        cure="Choose another candidate of this experiment.",
    )
