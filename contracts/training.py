"""What training hears and says: a plan is frozen, fits are made, a model version is created."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from contracts.ids import CandidateId, DatasetVersionId, Digest, ExperimentId, FitId, Key, ModelVersionId, Name
from contracts.ingest import Column
from contracts.message import Command, Event, Progress, Query, Refused, Value

Task = Literal["classification", "regression", "clustering", "anomaly_detection", "time_series"]
"""What is asked of the rows: which class, how much, which groups, which rows are unusual, what comes next."""
Engine = Literal["pycaret", "sklearn"]
ExperimentStatus = Literal["running", "completed", "failed", "cancelled"]
"""``failed`` is an experiment that is over without one fit that succeeded."""
RetiringRule = Literal["strict", "careful", "fast"]
"""When a candidate is retired: once it is surely worse (``strict``), or surely not better by more than the margin too
(``careful``), or the same by the rows of these folds alone, which says less about other data (``fast``)."""

SCRIPTS = "trackside"
"""Folder in an artifact with the program that makes the candidate's folds once more, where the task has one."""


class Candidate(Value):
    """An unfitted recipe that takes part in a race."""

    id: CandidateId
    """The engine's own name for it, such as ``lightgbm``, or the import path of a class, ``acme.models:Booster``."""
    name: str
    """What people call it, such as ``Light Gradient Boosting Machine``."""


class Forecast(Value):
    """How a time series is foretold."""

    time: str
    """The column that says when each row was: a date, a timestamp, or whole numbers such as years."""
    horizon: int
    """Steps ahead that each fold foretells, and is scored on."""
    season: int | None = None
    """Steps until the pattern repeats, such as 12 for months; what the moments suggest if None."""


class Plan(Value):
    """What an experiment will do, frozen and hashed before the first fit: the same plan gives the same board."""

    dataset: Name
    dataset_version: DatasetVersionId
    data: str
    """Key of the dataset version's Parquet file."""
    data_digest: Digest
    rows: int
    """Rows that take part: those of the dataset version whose target is known."""
    features: tuple[Column, ...]
    target: str
    """The column to predict; empty for a task without one: clustering and anomaly detection."""
    task: Task
    engine: Engine
    candidates: tuple[Candidate, ...]
    folds: int
    seed: int
    metric: str
    """The metric that ranks, such as ``AUC`` or ``R2``."""
    clusters: int | None = None
    """Groups that a clustering looks for, where its candidate takes their number; None for another task."""
    anomalies: float | None = None
    """Share of rows that an anomaly detection takes for unusual; None for another task."""
    forecast: Forecast | None = None
    """None unless the task is a time series."""
    budget: int | None = None
    """Fits to make at most, which pay for the first folds only, by all candidates; None if all folds are raced."""
    groups: str | None = None
    """The column whose rows of one value stay on one side of every fold, itself no feature; None if rows need not."""
    fit_seconds: float | None = None
    """Seconds after which a fit is ended, and counts as failed; no limit if None."""
    fit_megabytes: int | None = None
    """Memory that a fit may take, in MB of 10^6 bytes, beyond what its process has before it; no limit if None."""
    rule: RetiringRule | None = None
    """By which candidates are retired before they have raced all folds; None if they are not."""
    margin: float | None = None
    """The difference that is the same for practice, in the metric's own scale; what suits the metric if None."""


class ExperimentTemplate(Value):
    """An experiment without its dataset version: what a trigger starts."""

    target: str = ""
    """The column to predict; empty for a task without one: clustering and anomaly detection."""
    task: Literal["auto"] | Task = "auto"
    """What is asked of the rows; ``auto`` looks at the target's values whether classes or numbers are predicted."""
    folds: int = Field(default=10, ge=2, le=100)
    seed: int = Field(default=42, ge=0, lt=2**31)
    engine: Engine = "pycaret"
    candidates: tuple[CandidateId, ...] | None = None
    """Which candidates race, by name or by import path of a class; all that the engine offers for the task if None."""
    metric: str | None = None
    """The metric that ranks; the task's own if None (AUC for two classes, Accuracy for more, R2, and others)."""
    groups: str | None = None
    """A column, such as of patients, whose rows of one value stay on one side of every fold; it is then no feature.

    For classification and regression; if None, folds take rows one by one.
    """
    clusters: int | None = Field(default=None, ge=2, le=1000)
    """Groups that a clustering looks for; 4 if None."""
    anomalies: float | None = Field(default=None, gt=0, lt=0.5)
    """Share of rows that an anomaly detection takes for unusual; 0.05 if None."""
    time: str | None = None
    """The column that says when each row of a time series was; its only date or timestamp if None."""
    horizon: int | None = Field(default=None, ge=1, le=10_000)
    """Steps ahead that a time series is foretold; if None 12, or what the rows allow."""
    season: int | None = Field(default=None, ge=1, le=10_000)
    """Steps until the pattern of a time series repeats; what the moments suggest if None."""
    budget: int | None = Field(default=None, ge=2)
    """Fits to make at most. It pays for whole folds, the first ones, each with all candidates; all folds if None."""
    fit_seconds: float | None = Field(default=None, ge=0.1, le=86_400)
    """Seconds after which a fit is ended, and counts as failed; no limit if None. A busy machine ends more of them."""
    fit_megabytes: int | None = Field(default=None, ge=1)
    """Memory that a fit may take, in MB of 10^6 bytes, beyond what its process has before it; no limit if None."""
    rule: Literal["auto", "full"] | RetiringRule = "auto"
    """By which candidates are retired early; ``full`` retires none.

    ``auto`` is ``careful`` where its error is known: classes or numbers, rows taken one by one, and ten folds or more.
    """
    margin: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """The difference that is the same for practice, in the metric's own scale.

    If None 0.005 for shares and likelihoods, or half a hundredth of the leader's score for errors.
    """


class StartExperiment(Command):
    """Race candidates on one dataset version; answered by ExperimentStarted or ExperimentRefused."""

    subject: ClassVar[str] = "cmd.training.experiment.start.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: Key
    dataset: Name
    dataset_version: str | None = None
    """The version's id; the latest if None."""
    template: ExperimentTemplate


class CancelExperiment(Command):
    """Start no more fits of this experiment, and end the one in hand.

    Answered by ExperimentCancelled or CancelRefused.
    """

    subject: ClassVar[str] = "cmd.training.experiment.cancel.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: Key


class ImportExperiment(Command):
    """Take in an experiment that ended elsewhere, from its file: its facts are said here as they were there.

    Answered by ExperimentImported, once all of them are said, or by ImportRefused.
    """

    subject: ClassVar[str] = "cmd.training.experiment.import.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: Key
    """The id that the file's manifest states."""
    upload: str
    """Key of the file in the object store, under ``uploads/``."""
    upload_digest: Digest
    """SHA-256 of the file."""


class PerformFit(Command):
    """Fit one candidate on one fold; answered by FitCompleted or FitFailed. A worker takes one at a time."""

    subject: ClassVar[str] = "cmd.training.fit.perform.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: Key
    fit_id: FitId
    """Follows from the plan, the candidate and the fold: the same fit has the same id everywhere."""
    plan_digest: Digest
    candidate: CandidateId
    fold: int
    """From 0."""


class RefitCandidate(Command):
    """Refit a candidate on the whole dataset version; answered by ModelVersionCreated or RefitFailed."""

    subject: ClassVar[str] = "cmd.training.candidate.refit.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: Key
    candidate: CandidateId
    plan_digest: Digest


class ExperimentStarted(Event):
    """The plan is frozen, and the first fits are on their way."""

    subject: ClassVar[str] = "evt.training.experiment.started.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    plan: Plan
    plan_digest: Digest
    fits: int
    """Candidates x folds, as far as the budget goes."""
    warnings: tuple[str, ...] = ()
    """What the person should know, such as rows without a target."""
    started_at: datetime


class ExperimentRefused(Refused):
    """An experiment could not start."""

    subject: ClassVar[str] = "evt.training.experiment.refused.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId


class FitStarted(Progress):
    """A worker has a fit in its hands."""

    subject: ClassVar[str] = "progress.training.fit.started.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    candidate: CandidateId
    fold: int
    worker: str


class FitInHand(Progress):
    """A worker still has a fit in its hands, a refit or a report: said at once and then every 4 seconds."""

    subject: ClassVar[str] = "progress.training.fit.inhand.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    candidate: CandidateId
    fold: int | None
    """The fold, from 0; None for a refit, which is on all rows, and for a report or an explanation."""
    worker: str


class FitCompleted(Event):
    """One candidate was trained on one fold and scored on the rows kept out of it."""

    subject: ClassVar[str] = "evt.training.fit.completed.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    fit_id: FitId
    plan_digest: Digest
    candidate: CandidateId
    fold: int
    scores: dict[str, float | None]
    """Metric to score; None where the metric is not defined for this candidate or fold."""
    fit_seconds: float
    """Wall time of training preprocessing and estimator."""
    score_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int
    rows: int
    """Rows scored."""
    predictions: str
    """Key of the out-of-fold predictions, row by row, as Parquet in the object store."""
    worker: str
    completed_at: datetime
    pipeline_bytes: int | None = None
    """Size of the fitted pipeline, pickled; None of all folds but the first, as others cost about the same."""
    answer_seconds: float | None = None
    """Wall time in which the fitted pipeline answers one row, at the median of some; of the first fold only."""
    slowest_seconds: float | None = None
    """The longest of these."""


class FitFailed(Event):
    """One candidate could not be trained or scored on one fold; the race of the others goes on."""

    subject: ClassVar[str] = "evt.training.fit.failed.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    fit_id: FitId
    plan_digest: Digest
    candidate: CandidateId
    fold: int
    reason: str
    """The error's name, such as ``OutOfMemory``."""
    detail: str
    completed_at: datetime


class ExperimentCompleted(Event):
    """Every fit of the plan has an outcome."""

    subject: ClassVar[str] = "evt.training.experiment.completed.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    fits_completed: int
    fits_failed: int
    completed_at: datetime


class ExperimentCancelled(Event):
    """The experiment was ended by a person; what was scored stays."""

    subject: ClassVar[str] = "evt.training.experiment.cancelled.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    fits_completed: int
    fits_failed: int
    cancelled_at: datetime


class CancelRefused(Refused):
    """There was nothing to cancel."""

    subject: ClassVar[str] = "evt.training.cancel.refused.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId


class ExperimentImported(Event):
    """An experiment that ended elsewhere is known here; what follows from its facts, follows here too."""

    subject: ClassVar[str] = "evt.training.experiment.imported.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    plan_digest: Digest
    fits_completed: int
    fits_failed: int
    unchanged: bool
    """True when this platform had this very experiment already; then nothing was said again."""
    imported_at: datetime


class ImportRefused(Refused):
    """A file could not be taken in; nothing of it was kept."""

    subject: ClassVar[str] = "evt.training.import.refused.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId


class ModelVersionCreated(Event):
    """A candidate was refitted on the whole dataset version; its artifact is known by its digest."""

    subject: ClassVar[str] = "evt.training.model.created.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    model_version_id: ModelVersionId
    """Follows from the plan and the candidate; for a person's own class from the experiment too."""
    candidate: Candidate
    """The candidate that was refitted."""
    dataset: Name
    dataset_version: DatasetVersionId
    plan_digest: Digest
    task: Task
    target: str
    """Empty for a task without one."""
    features: tuple[Column, ...]
    classes: tuple[str | int | float | bool, ...] = ()
    """The labels that it answers with, in the order of the probabilities; empty where it answers with numbers."""
    artifact: str
    """Key of the artifact (a zipped MLflow model folder) in the object store."""
    artifact_digest: Digest
    """SHA-256 of it, checked before anything is unpickled."""
    example: str
    """One row as JSON, which the model answers."""
    created_at: datetime


class RefitFailed(Refused):
    """A candidate could not be refitted."""

    subject: ClassVar[str] = "evt.training.refit.failed.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    candidate: CandidateId


class CandidateRecorded(Event):
    """MLflow has a run for this candidate."""

    subject: ClassVar[str] = "evt.training.candidate.recorded.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    candidate: CandidateId
    run_id: str


class ModelVersionRecorded(Event):
    """MLflow's registry has this model version."""

    subject: ClassVar[str] = "evt.training.model.recorded.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    model_version_id: ModelVersionId
    run_id: str
    registered_name: str
    """Its name in MLflow's registry."""
    registered_version: str
    """Its version there."""


class ExperimentSummary(Value):
    """One experiment, as far as it has come."""

    experiment_id: ExperimentId
    dataset: Name
    target: str
    task: Task
    engine: Engine
    status: ExperimentStatus
    candidates: int
    """How many candidates take part."""
    folds: int
    fits: int
    fits_completed: int
    fits_failed: int
    model_version_id: ModelVersionId | None
    """The model version that it made; None if there is none yet."""
    started_at: datetime
    ended_at: datetime | None
    interrupted: bool = False
    """Whether it runs, but no worker has given a sign of life for 10 seconds; it goes on by itself when one is back."""
    dataset_version: DatasetVersionId | None = None
    """The dataset version that it is about; None from an earlier release."""


class Experiments(Value):
    """Experiments, the latest first."""

    experiments: tuple[ExperimentSummary, ...]
    """One by one."""


class ListExperiments(Query[Experiments]):
    """Which experiments are there?"""

    subject: ClassVar[str] = "qry.training.experiment.list.v1"
    keyed_by: ClassVar[str] = "scope"
    answer: ClassVar[type[Value]] = Experiments

    scope: Key = "all"
