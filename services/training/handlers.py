"""From a message to training's answer."""

from collections.abc import Sequence
from datetime import datetime

from contracts.errors import Refusal
from contracts.evaluation import CandidateRetired
from contracts.ids import ExperimentId
from contracts.ingest import DatasetVersionRegistered
from contracts.message import Message
from contracts.plans import canonical, digest_of
from contracts.training import (
    CancelExperiment,
    CancelRefused,
    ExperimentCancelled,
    ExperimentRefused,
    Experiments,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    ImportExperiment,
    ImportRefused,
    ListExperiments,
    ModelVersionCreated,
    PerformFit,
    StartExperiment,
)
from contracts.versions import DatasetVersionRemoved
from infra.clock import Clock
from infra.objects import Objects
from services.training.domain.errors import ExperimentEnded, UnknownExperiment
from services.training.domain.experiment import Ended, Experiment
from services.training.domain.fits import places_of
from services.training.domain.leaks import said_of
from services.training.domain.plan import decide
from services.training.domain.retold import is_known, retold
from services.training.domain.versions import check_there, choose_version
from services.training.experiment_file import arrived
from services.training.ports import Plans, SilentFor
from services.training.store import DatasetStore, ExperimentStore


def on_dataset_version_registered(event: DatasetVersionRegistered, datasets: DatasetStore) -> list[Message]:
    """Know the version, so that experiments can start on it."""
    datasets.remember(event)
    return []


def on_dataset_version_removed(event: DatasetVersionRemoved, datasets: DatasetStore) -> list[Message]:
    """Start no more experiments on the version; those that were started on it are not ended by that."""
    datasets.forget(event)
    return []


def start_experiment(
    command: StartExperiment,
    datasets: DatasetStore,
    experiments: ExperimentStore,
    plans: Plans,
    clock: Clock,
    fits_ahead: int,
) -> list[Message]:
    """Freeze the plan and hand out its first fits; a repeated command gets the same answer and starts nothing."""
    if known := experiments.find(command.experiment_id):
        return [known.started]
    try:
        started = _decided(command, datasets, plans, clock)
    except Refusal as refusal:
        return [ExperimentRefused(experiment_id=ExperimentId(command.experiment_id), **_said(refusal))]
    experiment = experiments.remember_started(started)
    return [started, *_dispatch(experiment, experiments, fits_ahead)]


def cancel_experiment(command: CancelExperiment, experiments: ExperimentStore, clock: Clock) -> list[Message]:
    """Hand out no more fits; the bus repeats the answer to a repeated command, so this is always another one."""
    try:
        cancelled = _cancelled(command.experiment_id, experiments.find(command.experiment_id), clock)
    except Refusal as refusal:
        return [CancelRefused(experiment_id=ExperimentId(command.experiment_id), **_said(refusal))]
    experiments.remember_ended(cancelled)
    return [cancelled]


def import_experiment(
    command: ImportExperiment, experiments: ExperimentStore, objects: Objects, clock: Clock
) -> list[Message]:
    """Say again what was said elsewhere of an experiment that ended; one that is here already stays as it is."""
    try:
        with arrived(command, objects) as file:
            story = retold(command.experiment_id, file.told())
            unchanged = is_known(story, experiments.find(command.experiment_id))
            if not unchanged:
                file.store(story, objects)
    except Refusal as refusal:
        return [ImportRefused(experiment_id=ExperimentId(command.experiment_id), **_said(refusal))]
    imported = story.imported(clock(), unchanged=unchanged)
    if unchanged:
        return [imported]
    experiments.remember_started(story.started)
    experiments.remember_dispatched(story.started.experiment_id, story.started.fits)
    experiments.remember_ended(story.ended)
    return [*story.facts, imported]


def on_fit_completed(event: FitCompleted, experiments: ExperimentStore, fits_ahead: int) -> list[Message]:
    """Count the fit once, and hand out the next or end the experiment."""
    return _advance(experiments.remember_outcome(event), experiments, fits_ahead, event.completed_at)


def on_fit_failed(event: FitFailed, experiments: ExperimentStore, fits_ahead: int) -> list[Message]:
    """Count the failure once; the race of the others goes on."""
    return _advance(experiments.remember_outcome(event), experiments, fits_ahead, event.completed_at)


def on_candidate_retired(
    event: CandidateRetired, experiments: ExperimentStore, fits_ahead: int, clock: Clock
) -> list[Message]:
    """Owe no more fits of the candidate: hand out others in their place, or end the experiment if no other is left."""
    return _advance(experiments.remember_retired(event), experiments, fits_ahead, clock())


def on_model_version_created(event: ModelVersionCreated, experiments: ExperimentStore) -> list[Message]:
    """Know which model version the experiment made."""
    experiments.remember_model(event.experiment_id, event.model_version_id)
    return []


def list_experiments(
    _question: ListExperiments, experiments: ExperimentStore, silent_for: SilentFor, clock: Clock
) -> Experiments:
    """Return every experiment, the latest first."""
    silence, now = silent_for(), clock()
    return Experiments(experiments=tuple(experiment.summary(silence, now) for experiment in experiments.all()))


def recall_started(event: ExperimentStarted, experiments: ExperimentStore, fits_ahead: int) -> list[Message]:
    """Know again what this service once started: used when its state is rebuilt from its own facts."""
    if experiments.find(event.experiment_id) is None:
        _dispatch(experiments.remember_started(event), experiments, fits_ahead)
    return []


def recall_ended(event: Ended, experiments: ExperimentStore) -> list[Message]:
    """Know again how an experiment ended."""
    experiments.remember_ended(event)
    return []


def _decided(command: StartExperiment, datasets: DatasetStore, plans: Plans, clock: Clock) -> ExperimentStarted:
    versions, removed = datasets.versions(command.dataset), datasets.removed(command.dataset)
    check_there(command.dataset, command.dataset_version, versions, removed)
    version = choose_version(command.dataset, command.dataset_version, versions, datasets.names())
    plan, warnings = decide(version, command.template)
    digest = digest_of(plan)
    warnings += said_of(plans.leaks(plan), plan.target, version.rows)
    plans.create(f"plans/{digest}.json", [canonical(plan)])
    return ExperimentStarted(
        experiment_id=ExperimentId(command.experiment_id),
        plan=plan,
        plan_digest=digest,
        fits=len(places_of(plan)),
        warnings=warnings,
        started_at=clock(),
    )


def _cancelled(experiment_id: str, experiment: Experiment | None, clock: Clock) -> ExperimentCancelled:
    if experiment is None:
        raise UnknownExperiment(experiment_id)
    if experiment.ended is not None:
        raise ExperimentEnded(experiment_id, experiment.status)
    return experiment.cancel(clock())


def _advance(
    experiment: Experiment | None, experiments: ExperimentStore, fits_ahead: int, at: datetime
) -> list[Message]:
    """Hand out what comes next in an experiment of which something new is known; end it ``at`` if all is done."""
    if experiment is None or experiment.ended is not None:
        return []
    if experiment.has_every_outcome:
        completed = experiment.complete(at)
        experiments.remember_ended(completed)
        return [completed]
    return list(_dispatch(experiment, experiments, fits_ahead))


def _dispatch(experiment: Experiment, experiments: ExperimentStore, fits_ahead: int) -> Sequence[PerformFit]:
    places = experiment.next_places(fits_ahead)
    if places:
        experiments.remember_dispatched(experiment.id, places[-1] + 1)
    return experiment.fits_at(places)


def _said(refusal: Refusal) -> dict[str, str]:
    return {"reason": refusal.reason, "cause": refusal.cause, "cure": refusal.cure}
