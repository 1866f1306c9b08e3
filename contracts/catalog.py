"""Every message by its subject, and who hears which: what the bus is provisioned from."""

from collections.abc import Mapping
from types import MappingProxyType

from contracts import evaluation, health, ingest, publishers, reports, scheduler, serving, sources, training, webhooks
from contracts.message import Command, Event, Message
from contracts.subjects import Subjects

MESSAGES: tuple[type[Message], ...] = (
    ingest.RegisterDataset,
    ingest.DatasetVersionRegistered,
    ingest.DatasetRejected,
    ingest.ListDatasets,
    sources.ReadSource,
    sources.ListSources,
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
    serving.DeployModelVersion,
    serving.DeploymentReady,
    serving.DeploymentRefused,
    serving.PredictionsLogged,
    serving.ListDeployments,
    health.AskHealth,
)

"""Every message in its newest version; the older ones are named by it."""

SUBJECTS = Subjects(MESSAGES)

HEARS: Mapping[str, tuple[type[Command] | type[Event], ...]] = MappingProxyType(
    {
        "ingest": (
            ingest.RegisterDataset,
            sources.ReadSource,
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
            ingest.DatasetVersionRegistered,
            training.ExperimentRefused,
        ),
        "serving": (serving.DeployModelVersion, training.ModelVersionCreated),
    }
)
"""Role to the commands it obeys and the facts it acts on. A role is a process, or several alike that share the work."""


def name_of(address: str) -> str:
    """Return the name of the message on ``address``: one of this release's, or else ``unknown``, whatever came."""
    kind = SUBJECTS.by_subject.get(address.rpartition(".")[0])
    return kind.__name__ if kind else "unknown"


def commands_of(role: str) -> tuple[type[Command], ...]:
    """Return the commands that ``role`` obeys."""
    return tuple(message for message in HEARS[role] if issubclass(message, Command))


def facts_of(role: str) -> tuple[type[Event], ...]:
    """Return the facts that ``role`` acts on."""
    return tuple(message for message in HEARS[role] if issubclass(message, Event))
