"""Every message by its subject, and who hears which: what the bus is provisioned from."""

from collections.abc import Mapping
from types import MappingProxyType

from contracts import (
    evaluation,
    health,
    ingest,
    publishers,
    reports,
    scheduler,
    schedules,
    serving,
    sources,
    training,
    versions,
    webhooks,
)
from contracts.message import Alarm, Command, Event, Message
from contracts.subjects import Subjects

MESSAGES: tuple[type[Message], ...] = (
    ingest.RegisterDataset,
    ingest.DatasetVersionRegistered,
    ingest.DatasetRejected,
    ingest.IngestionInHand,
    ingest.CancelIngestion,
    ingest.IngestionCancelled,
    ingest.IngestionCancelRefused,
    ingest.ListDatasets,
    sources.ReadSource,
    sources.ListSources,
    versions.DatasetSchemaChanged,
    versions.RemoveDatasetVersion,
    versions.DatasetVersionRemoved,
    versions.RemovalRefused,
    versions.ListVersions,
    versions.CompareVersions,
    publishers.AddPublisher,
    publishers.RevokePublisher,
    publishers.PublisherAdded,
    publishers.PublisherRevoked,
    publishers.PublisherRefused,
    publishers.ListPublishers,
    webhooks.AddWebhook,
    webhooks.RemoveWebhook,
    webhooks.ReplayWebhook,
    webhooks.WebhookAdded,
    webhooks.WebhookRemoved,
    webhooks.WebhookReplayed,
    webhooks.WebhookRefused,
    webhooks.ListWebhooks,
    webhooks.ListDeliveries,
    training.StartExperiment,
    training.CancelExperiment,
    training.ImportExperiment,
    training.PerformFit,
    training.RefitCandidate,
    training.ExperimentStarted,
    training.ExperimentRefused,
    training.FitStarted,
    training.FitInHand,
    training.FitCompleted,
    training.FitFailed,
    training.ExperimentCompleted,
    training.ExperimentCancelled,
    training.CancelRefused,
    training.ExperimentImported,
    training.ImportRefused,
    training.ModelVersionCreated,
    training.RefitFailed,
    training.CandidateRecorded,
    training.ModelVersionRecorded,
    training.ListExperiments,
    reports.ReportModelVersion,
    reports.ModelVersionReported,
    reports.ReportRefused,
    reports.ExplainPrediction,
    reports.PredictionExplained,
    reports.ExplanationRefused,
    evaluation.LeaderboardUpdated,
    evaluation.CandidateRetired,
    evaluation.GetLeaderboard,
    evaluation.CompareCandidates,
    scheduler.SetTrigger,
    scheduler.RemoveTrigger,
    scheduler.TriggerSet,
    scheduler.TriggerRemoved,
    scheduler.TriggerRefused,
    scheduler.TriggerFired,
    scheduler.ListTriggers,
    schedules.SetSchedule,
    schedules.RemoveSchedule,
    schedules.ScheduleSet,
    schedules.ScheduleRemoved,
    schedules.ScheduleRefused,
    schedules.ScheduleFired,
    schedules.ScheduleDue,
    schedules.ListSchedules,
    serving.DeployModelVersion,
    serving.DeploymentReady,
    serving.DeploymentRefused,
    serving.PredictionsLogged,
    serving.ListDeployments,
    health.AskHealth,
)

"""Every message in its newest version; the older ones are named by it."""

SUBJECTS = Subjects(MESSAGES)

HEARS: Mapping[str, tuple[type[Command] | type[Event] | type[Alarm], ...]] = MappingProxyType(
    {
        "ingest": (
            ingest.RegisterDataset,
            sources.ReadSource,
            versions.RemoveDatasetVersion,
            ingest.CancelIngestion,
            publishers.AddPublisher,
            publishers.RevokePublisher,
            webhooks.AddWebhook,
            webhooks.RemoveWebhook,
            webhooks.ReplayWebhook,
        ),
        "training": (
            training.StartExperiment,
            training.CancelExperiment,
            training.ImportExperiment,
            ingest.DatasetVersionRegistered,
            versions.DatasetVersionRemoved,
            training.FitCompleted,
            training.FitFailed,
            evaluation.CandidateRetired,
            training.ModelVersionCreated,
        ),
        "training-worker": (
            training.PerformFit,
            training.RefitCandidate,
            reports.ReportModelVersion,
            reports.ExplainPrediction,
        ),
        "training-recorder": (
            training.ExperimentStarted,
            training.FitCompleted,
            training.FitFailed,
            training.ExperimentCompleted,
            training.ExperimentCancelled,
            evaluation.CandidateRetired,
            training.ModelVersionCreated,
        ),
        "evaluation": (
            training.ExperimentStarted,
            training.FitCompleted,
            training.FitFailed,
            training.ExperimentCompleted,
            training.ExperimentCancelled,
        ),
        "scheduler": (
            scheduler.SetTrigger,
            scheduler.RemoveTrigger,
            schedules.SetSchedule,
            schedules.RemoveSchedule,
            schedules.ScheduleDue,
            ingest.DatasetVersionRegistered,
            ingest.DatasetRejected,
            training.ExperimentRefused,
        ),
        "serving": (serving.DeployModelVersion, training.ModelVersionCreated),
    }
)
"""Role to the commands it obeys, the facts it acts on and the alarms that ring for it.

A role is a process, or several alike that share the work.
"""


URGENT: frozenset[type[Command]] = frozenset({ingest.CancelIngestion})
"""Commands that are about one which is in hand, so that they cannot wait until it is obeyed."""


def name_of(address: str) -> str:
    """Return the name of the message on ``address``: one of this release's, or else ``unknown``, whatever came."""
    kind = SUBJECTS.by_subject.get(address.rpartition(".")[0])
    return kind.__name__ if kind else "unknown"


def commands_of(role: str) -> tuple[type[Command], ...]:
    """Return the commands that ``role`` obeys one after the other."""
    return tuple(message for message in HEARS[role] if issubclass(message, Command) and message not in URGENT)


def urgent_of(role: str) -> tuple[type[Command], ...]:
    """Return the commands that ``role`` obeys whatever else it has in hand."""
    return tuple(message for message in HEARS[role] if issubclass(message, Command) and message in URGENT)


def facts_of(role: str) -> tuple[type[Event], ...]:
    """Return the facts that ``role`` acts on."""
    return tuple(message for message in HEARS[role] if issubclass(message, Event))


def alarms_of(role: str) -> tuple[type[Alarm], ...]:
    """Return the alarms that ring for ``role``."""
    return tuple(message for message in HEARS[role] if issubclass(message, Alarm))
