"""What the platform answers to a question, as a person would have it: ingest, train, deploy, predict."""

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from contracts.evaluation import GetLeaderboard
from contracts.training import (
    CancelExperiment,
    ExperimentCancelled,
    ExperimentStarted,
    ModelVersionCreated,
    RefitFailed,
)
from tests.bench.answers import Answers
from tests.bench.question import Question
from tests.bench.warm import DATASET, race_of, warm
from ui.cli.connection import Connection
from ui.cli.csv_file import read_csv
from ui.cli.deploy import deployed
from ui.cli.predict import asked
from ui.cli.rows import rows_of_csv
from ui.cli.train import started_experiment

_FOLDS = 10
_ROWS_AT_ONCE = 500


class NoWinner(Exception):
    """The race ended, or its time did, before any candidate had a score."""


def answers(question: Question, seconds: float, workers: int) -> Answers:
    """Race all that PyCaret offers, and return what the winner answers over HTTP.

    The clock runs from the order to the winner's model version.

    Raises:
        NoWinner: if there is none.
    """
    return asyncio.run(_answers(question, seconds, workers))


async def _answers(question: Question, seconds: float, workers: int) -> Answers:
    async with warm(question.train, question.target, workers) as platform:
        connection = platform.connection
        began = perf_counter()
        model = await _winner(connection, question, seconds)
        took = perf_counter() - began
        path = (await deployed(connection, model.model_version_id, question.name)).path
        table = read_csv(question.holdout.name, question.holdout.read_bytes(), [each.name for each in model.features])
        rows = rows_of_csv(table.rows, model.features)
        told: list[dict[str, Any]] = []
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[first : first + _ROWS_AT_ONCE]
            told += (await asyncio.to_thread(asked, connection.reach, path, some))["predictions"]
    classes = tuple(map(str, model.classes))
    return Answers(took, model.candidate.id, classes, shares_of(classes, told))


def shares_of(classes: Sequence[str], told: Sequence[dict[str, Any]]) -> tuple[tuple[float, ...], ...]:
    """Return the probabilities in an answer; one that only names a class gives it all."""
    named = ({str(row["prediction"]): 1.0} if "probabilities" not in row else row["probabilities"] for row in told)
    return tuple(tuple(float(row.get(label, 0.0)) for label in classes) for row in named)


async def _winner(connection: Connection, question: Question, seconds: float) -> ModelVersionCreated:
    started = await started_experiment(connection.bus, DATASET, race_of(question.target, None, _FOLDS, question.metric))
    try:
        async with asyncio.timeout(seconds):
            return await _refitted(connection, started)
    except TimeoutError:
        return await _leader(connection, question, started)


async def _leader(connection: Connection, question: Question, started: ExperimentStarted) -> ModelVersionCreated:
    """End the race, and have a model of who leads by a short race of its own, which is how one comes by it."""
    bus, name = connection.bus, started.experiment_id
    board = await bus.ask(GetLeaderboard(experiment_id=name))
    await bus.order(CancelExperiment(experiment_id=name), ExperimentCancelled)
    leaders = [standing.candidate for standing in board.standings if standing.place == 1]
    if not leaders:
        raise NoWinner(f"no candidate has a score after {board.fits_counted} fits")
    alone = race_of(question.target, (leaders[0],), 2, question.metric)
    return await _refitted(connection, await started_experiment(bus, DATASET, alone))


async def _refitted(connection: Connection, started: ExperimentStarted) -> ModelVersionCreated:
    async for fact in connection.bus.facts(ModelVersionCreated, RefitFailed, key=started.experiment_id):
        if isinstance(fact.message, RefitFailed):
            raise NoWinner(fact.message.cause)
        assert isinstance(fact.message, ModelVersionCreated)
        return fact.message
    raise AssertionError("the stream ended")
