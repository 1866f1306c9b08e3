"""Who there is on the bus, and what each says, asks, answers and reads: what every permission is generated from.

A *role* does the platform's work, in one process or in several alike. A *client* gives orders and asks questions: the
command line, the page, the supervisor, a program of the user's own. An *outside publisher* is let in by a person, with
the commands that its card names and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

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
from contracts.catalog import HEARS, MESSAGES, alarms_of, commands_of, facts_of, urgent_of
from contracts.message import Command, Event, Message, Progress, Query
from contracts.streams import COMMANDS, EVENTS, SCHEDULES, alarm_durable, command_durable, fact_durable, urgent_durable
from contracts.vigil import SIGNS

_Question = type[Query[Any]]


@dataclass(frozen=True)
class Identity:
    """What one party of the bus does there, and so all that it may do."""

    says: tuple[type[Message], ...] = ()
    """Facts and signs of progress that it states, commands that it gives, and alarms that it sets itself."""
    asks: tuple[_Question, ...] = ()
    answers: tuple[_Question, ...] = ()
    listens: tuple[type[Message], ...] = ()
    """Facts and signs of progress that it hears as they come, without a durable; what it misses, it misses."""
    durables: tuple[tuple[str, str], ...] = ()
    """The (stream, durable) pairs that feed it."""
    follows: bool = False
    """Whether it reads the stream of facts from any place, with a consumer of its own: all facts, for reading only."""
    buries: bool = False
    """Whether it writes dead letters for what its durables deliver."""
    provisions: bool = False
    """Whether it makes the platform's streams and consumers."""
    admits: bool = False
    """Whether it makes and reads the streams of outside publishers, and passes on what they send."""
    inspects: bool = False
    """Whether it sees how all streams and durables are, and reads dead letters; it changes nothing by that."""
    archives: bool = False
    """Whether it takes facts out of the stream that are in the archive, and sees who has not acknowledged them yet."""


ORDERS: Mapping[type[Command], tuple[type[Event], ...]] = MappingProxyType(
    {
        ingest.RegisterDataset: (ingest.DatasetVersionRegistered, ingest.DatasetRejected),
        sources.ReadSource: (ingest.DatasetVersionRegistered, ingest.DatasetRejected),
        ingest.CancelIngestion: (ingest.IngestionCancelled, ingest.IngestionCancelRefused),
        training.StartExperiment: (training.ExperimentStarted, training.ExperimentRefused),
        training.CancelExperiment: (training.ExperimentCancelled, training.CancelRefused),
        scheduler.SetTrigger: (scheduler.TriggerSet, scheduler.TriggerRefused),
        scheduler.RemoveTrigger: (scheduler.TriggerRemoved, scheduler.TriggerRefused),
        schedules.SetSchedule: (schedules.ScheduleSet, schedules.ScheduleRefused),
        schedules.RemoveSchedule: (schedules.ScheduleRemoved, schedules.ScheduleRefused),
        serving.DeployModelVersion: (serving.DeploymentReady, serving.DeploymentRefused),
        reports.ReportModelVersion: (reports.ModelVersionReported, reports.ReportRefused),
        reports.ExplainPrediction: (reports.PredictionExplained, reports.ExplanationRefused),
    }
)
"""The commands that people and programs give, each with the facts that answer it; others go from role to role."""

_ADMISSIONS = (
    publishers.AddPublisher,
    publishers.RevokePublisher,
    webhooks.AddWebhook,
    webhooks.RemoveWebhook,
    webhooks.ReplayWebhook,
)

_OWNERS = (training.ImportExperiment, versions.RemoveDatasetVersion)
"""What brings in or removes what all others rest on: not for programs, nor for the page."""

_SAYS: Mapping[str, tuple[type[Message], ...]] = {
    "ingest": (
        ingest.DatasetVersionRegistered,
        ingest.DatasetRejected,
        versions.DatasetSchemaChanged,
        versions.DatasetVersionRemoved,
        versions.RemovalRefused,
        ingest.IngestionInHand,
        ingest.IngestionCancelled,
        ingest.IngestionCancelRefused,
        publishers.PublisherAdded,
        publishers.PublisherRevoked,
        publishers.PublisherRefused,
        webhooks.WebhookAdded,
        webhooks.WebhookRemoved,
        webhooks.WebhookReplayed,
        webhooks.WebhookRefused,
    ),
    "training": (
        training.ExperimentStarted,
        training.ExperimentRefused,
        training.PerformFit,
        training.ExperimentCompleted,
        training.ExperimentCancelled,
        training.CancelRefused,
        training.ExperimentImported,
        training.ImportRefused,
        training.FitCompleted,  # of an experiment that it takes in
        training.FitFailed,
    ),
    "training-worker": (
        training.FitStarted,
        training.FitInHand,
        training.FitCompleted,
        training.FitFailed,
        training.ModelVersionCreated,
        training.RefitFailed,
        reports.ModelVersionReported,
        reports.ReportRefused,
        reports.PredictionExplained,
        reports.ExplanationRefused,
    ),
    "training-recorder": (training.CandidateRecorded, training.ModelVersionRecorded),
    "evaluation": (evaluation.LeaderboardUpdated, evaluation.CandidateRetired, training.RefitCandidate),
    "scheduler": (
        scheduler.TriggerSet,
        scheduler.TriggerRemoved,
        scheduler.TriggerRefused,
        scheduler.TriggerFired,
        training.StartExperiment,
        schedules.ScheduleSet,
        schedules.ScheduleRemoved,
        schedules.ScheduleRefused,
        schedules.ScheduleFired,
        schedules.ScheduleDue,
        sources.ReadSource,
    ),
    "serving": (serving.DeploymentReady, serving.DeploymentRefused, serving.PredictionsLogged),
}

_ANSWERS: Mapping[str, tuple[_Question, ...]] = {
    "ingest": (
        ingest.ListDatasets,
        sources.ListSources,
        versions.ListVersions,
        versions.CompareVersions,
        publishers.ListPublishers,
        webhooks.ListWebhooks,
        webhooks.ListDeliveries,
    ),
    "training": (training.ListExperiments,),
    "evaluation": (evaluation.GetLeaderboard, evaluation.CompareCandidates),
    "scheduler": (scheduler.ListTriggers, schedules.ListSchedules),
    "serving": (serving.ListDeployments,),
}

_LISTENS: Mapping[str, tuple[type[Message], ...]] = {
    "ingest": (ingest.IngestionCancelled, ingest.IngestionInHand),
    "training": SIGNS,
    "training-worker": (training.ExperimentCancelled, evaluation.CandidateRetired),
}

_LISTS: tuple[_Question, ...] = tuple(question for answered in _ANSWERS.values() for question in answered)
_SIGNS = tuple(message for message in MESSAGES if issubclass(message, Progress))


def durables_of(role: str) -> tuple[tuple[str, str], ...]:
    """Return the (stream, durable) pairs that feed ``role``."""
    commands = ((COMMANDS, command_durable(role)),) if commands_of(role) else ()
    urgent = ((COMMANDS, urgent_durable(role)),) if urgent_of(role) else ()
    facts = ((EVENTS, fact_durable(role)),) if facts_of(role) else ()
    alarms = ((SCHEDULES, alarm_durable(role)),) if alarms_of(role) else ()
    return (*commands, *urgent, *facts, *alarms)


def _role(name: str) -> Identity:
    return Identity(
        says=_SAYS[name],
        answers=(*_ANSWERS.get(name, ()), health.AskHealth),
        listens=_LISTENS.get(name, ()),
        durables=durables_of(name),
        follows=True,  # a lost state is rebuilt from the stream
        buries=True,
    )


_CLIENT = Identity(says=(*ORDERS,), asks=(*_LISTS, health.AskHealth), listens=_SIGNS, follows=True)

IDENTITIES: Mapping[str, Identity] = MappingProxyType(
    {
        **{role: _role(role) for role in HEARS},
        "ui": Identity(says=(*ORDERS,), asks=_LISTS, answers=(health.AskHealth,), listens=_SIGNS, follows=True),
        "cli": replace(_CLIENT, says=(*ORDERS, *_ADMISSIONS, *_OWNERS), inspects=True, archives=True),
        "outside": _CLIENT,
        "supervisor": Identity(asks=(health.AskHealth,)),
        "provisioner": Identity(provisions=True),
        "door": Identity(says=(*ORDERS,), follows=True, admits=True),
    }
)
"""Every party that the platform itself makes, by name."""


def identity_of(process: str) -> Identity:
    """Return the identity of a process: of ``training-worker-2`` it is the role ``training-worker``.

    Raises:
        KeyError: if the platform makes no such process.
    """
    return IDENTITIES[process if process in IDENTITIES else process.rpartition("-")[0]]


def command_named(name: str) -> type[Command] | None:
    """Return the command of this class name that publishers may be let to send; None if there is none."""
    return next((command for command in ORDERS if command.__name__ == name), None)


def fact_named(name: str) -> type[Event] | None:
    """Return the fact of this class name; None if there is none."""
    return next((fact for fact in MESSAGES if fact.__name__ == name and issubclass(fact, Event)), None)
