"""A platform that is up and warm, in a folder that is gone afterwards: what the clocks of races start on."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from contracts.ids import CandidateId
from contracts.training import ExperimentTemplate, ModelVersionRecorded, Task
from infra.local.embedded import Embedded, embedded
from infra.local.layout import Home
from ui.cli.connection import Connection, connected
from ui.cli.ingest import registered
from ui.cli.reach import Reach
from ui.cli.train import started_experiment

DATASET = "rows"
_SEED = 7


@dataclass(frozen=True)
class Warm:
    """A platform with a dataset, and a connection to it."""

    running: Embedded
    connection: Connection


@asynccontextmanager
async def warm(rows: Path, target: str, workers: int, task: Task = "classification") -> AsyncIterator[Warm]:
    """Run a platform with ``rows`` as its dataset while the block runs.

    A small race first, to its record in MLflow, so that everything is warm and nothing else is at work. It has a seed
    of its own: else it would leave PyCaret's set-up behind for the race that is measured.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with (
            embedded(Home(Path(folder) / "home"), workers, lambda _news: None) as running,
            connected(Reach.of(running.platform())) as connection,
        ):
            await registered(connection, rows, DATASET)
            template = race_of(target, ("lr", "dt"), 2, task=task).model_copy(update={"seed": _SEED})
            warming = await started_experiment(connection.bus, DATASET, template)
            await recorded(connection, warming.experiment_id)
            yield Warm(running, connection)


async def recorded(connection: Connection, experiment_id: str) -> None:
    """Wait until MLflow has the winner of a race."""
    async for _fact in connection.bus.facts(ModelVersionRecorded, key=experiment_id):
        return


def race_of(
    target: str,
    candidates: tuple[str, ...] | None,
    folds: int,
    metric: str | None = None,
    task: Task = "classification",
) -> ExperimentTemplate:
    """Return a race of PyCaret's candidates, or of all of them, in which nobody is retired."""
    return ExperimentTemplate(
        target=target,
        task=task,
        folds=folds,
        metric=metric,
        rule="full",
        candidates=None if candidates is None else tuple(map(CandidateId, candidates)),
    )
