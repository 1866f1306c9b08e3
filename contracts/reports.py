"""What a model version rests on, and why a prediction is what it is: asked by people, worked out by training's workers.

Tables lie in the object store as Parquet; a fact names them with their digests, and no row of data stands in it.
"""

from datetime import datetime
from typing import ClassVar

from contracts.ids import DatasetVersionId, Digest, ExperimentId, Key, ModelVersionId, Name
from contracts.message import Command, Event, Refused, Value
from contracts.training import Candidate, Task


class ReportTable(Value):
    """One table of a report."""

    name: str
    """What it tells, such as ``roc`` or ``importance``."""
    key: str
    """Key of the Parquet file in the object store."""
    digest: Digest
    """SHA-256 of the file."""
    rows: int


class ReportModelVersion(Command):
    """Report what a model version is worth, and what it rests on; answered by ModelVersionReported or ReportRefused.

    The same model version has the same report: asked again, it is told again.
    """

    subject: ClassVar[str] = "cmd.training.report.make.v1"
    keyed_by: ClassVar[str] = "model_version_id"

    model_version_id: Key


class ModelVersionReported(Event):
    """The evaluation report of a model version: from the out-of-fold predictions of its candidate, and from itself."""

    subject: ClassVar[str] = "evt.training.report.made.v1"
    keyed_by: ClassVar[str] = "model_version_id"

    model_version_id: ModelVersionId
    experiment_id: ExperimentId
    """The experiment that made it first."""
    candidate: Candidate
    """The candidate that it is a refit of."""
    dataset: Name
    dataset_version: DatasetVersionId
    task: Task
    target: str
    metric: str
    folds: int
    rows: int
    """Rows with out-of-fold predictions."""
    tables: tuple[ReportTable, ...]
    """One by one, in the order in which they are read."""
    notes: tuple[str, ...] = ()
    """What the reader should know, such as that only some rows were looked at, one sentence each."""
    created_at: datetime


class ReportRefused(Refused):
    """There is no report of this model version."""

    subject: ClassVar[str] = "evt.training.report.refused.v1"
    keyed_by: ClassVar[str] = "model_version_id"

    model_version_id: ModelVersionId


class ExplainPrediction(Command):
    """Say which features made a prediction what it is; answered by PredictionExplained or ExplanationRefused."""

    subject: ClassVar[str] = "cmd.training.prediction.explain.v1"
    keyed_by: ClassVar[str] = "prediction_id"

    prediction_id: Key
    """The answer's own id, which its caller was told."""


class PredictionExplained(Event):
    """What each feature of the rows that were asked adds to their answers."""

    subject: ClassVar[str] = "evt.training.prediction.explained.v1"
    keyed_by: ClassVar[str] = "prediction_id"

    prediction_id: str
    """The answer's own id, which its caller was told."""
    model_version_id: ModelVersionId
    """The model version that answered."""
    rows: int
    """Rows that are explained; the first ones, if more were asked."""
    table: ReportTable
    """One row for each row that was asked and each feature, with its share of the answer."""
    notes: tuple[str, ...] = ()
    """What the reader should know, one sentence each."""
    explained_at: datetime
    """When it was worked out."""


class ExplanationRefused(Refused):
    """A prediction cannot be explained, such as when what was asked was not kept."""

    subject: ClassVar[str] = "evt.training.prediction.unexplained.v1"
    keyed_by: ClassVar[str] = "prediction_id"

    prediction_id: str
    """The answer's own id, which its caller was told."""
