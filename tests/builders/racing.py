"""Services of a race in this process, over a real nats-server; the worker is a stand-in that scores by formula."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from contracts.message import Message
from contracts.reports import ExplainPrediction, ReportModelVersion
from contracts.training import PerformFit, RefitCandidate
from infra.bus import Handler
from infra.service import Service
from infra.settings import ProcessSettings
from services.evaluation.app import service as evaluation
from services.evaluation.settings import EvaluationSettings
from services.scheduler.app import service as scheduler
from services.scheduler.settings import SchedulerSettings
from services.training.app import service as training
from services.training.settings import TrainingSettings
from tests.builders.messages import a_fit_completed, a_fit_failed, a_model_version_created
from tests.builders.service import running

BEST = "tree"
FAILING = "dummy"


@asynccontextmanager
async def race_services(
    roles: Iterable[str], nats_url: str, folder: Path, seed: Callable[[str], Path] | None = None
) -> AsyncIterator[None]:
    """Run the services of ``roles`` while the block runs, with their state and objects in ``folder``.

    ``seed`` gives each its key, where nats-server asks for one.
    """
    async with AsyncExitStack() as stack:
        for role in roles:
            service, settings = _service(role, nats_url, folder, seed(role) if seed else None)
            await stack.enter_async_context(running(service, settings))
        yield


def _service(role: str, nats_url: str, folder: Path, seed_file: Path | None) -> tuple[Service, ProcessSettings]:
    place: dict[str, Any] = {
        "nats_url": nats_url,
        "nats_seed_file": seed_file,
        "process": role,
        "state_url": f"sqlite:///{folder}/{role}.db",
        "objects_url": f"file://{folder}/objects",
    }
    if role == "training":
        settings = TrainingSettings(**place, fits_ahead=2)
        return training(settings), settings
    if role == "evaluation":
        judge = EvaluationSettings(**place)
        return evaluation(judge), judge
    if role == "scheduler":
        watch = SchedulerSettings(**place)
        return scheduler(watch), watch
    fits: dict[type[Message], Handler] = {
        PerformFit: Handler(_perform_fit),
        RefitCandidate: Handler(_refit_candidate),
        ReportModelVersion: Handler(_say_nothing),
        ExplainPrediction: Handler(_say_nothing),
    }
    return Service(role="training-worker", handlers=fits), ProcessSettings(
        nats_url=nats_url, nats_seed_file=seed_file, process=role
    )


def _perform_fit(command: PerformFit) -> list[Message]:
    said = {"experiment_id": command.experiment_id, "fit_id": command.fit_id, "plan_digest": command.plan_digest}
    if command.candidate == FAILING:
        return [a_fit_failed(command.candidate, command.fold, **said)]
    score = (0.9 if command.candidate == BEST else 0.7) + command.fold / 100
    return [a_fit_completed(command.candidate, command.fold, score, **said)]


def _refit_candidate(command: RefitCandidate) -> list[Message]:
    return [a_model_version_created(experiment_id=command.experiment_id, plan_digest=command.plan_digest)]


def _say_nothing(_command: ReportModelVersion | ExplainPrediction) -> list[Message]:
    return []
