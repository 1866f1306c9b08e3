"""From a fact to evaluation's judgment."""

from dataclasses import replace

from contracts.evaluation import GetLeaderboard, Leaderboard
from contracts.message import Message
from contracts.training import ExperimentCancelled, ExperimentCompleted, ExperimentStarted, FitCompleted, FitFailed
from services.evaluation.domain.board import Board, outcome_of
from services.evaluation.domain.errors import UnknownExperiment
from services.evaluation.store import BoardStore


def on_experiment_started(event: ExperimentStarted, boards: BoardStore) -> list[Message]:
    """Open the experiment's board."""
    boards.remember_started(event)
    return []


def on_fit_completed(event: FitCompleted, boards: BoardStore) -> list[Message]:
    """Count the fit once, and state the standings with it."""
    return _count(event, boards)


def on_fit_failed(event: FitFailed, boards: BoardStore) -> list[Message]:
    """Count the failure once, and state the standings with it."""
    return _count(event, boards)


def on_experiment_completed(event: ExperimentCompleted, boards: BoardStore) -> list[Message]:
    """Name the winner, if every fit is counted."""
    boards.remember_completed(event.experiment_id)
    board = boards.find(event.experiment_id)
    return [] if board is None else _verdict(board, boards)


def on_experiment_cancelled(event: ExperimentCancelled, boards: BoardStore) -> list[Message]:
    """State the standings for the last time; a cancelled experiment has no winner."""
    boards.remember_cancelled(event.experiment_id)
    board = boards.find(event.experiment_id)
    return [] if board is None else [board.updated()]


def get_leaderboard(question: GetLeaderboard, boards: BoardStore) -> Leaderboard:
    """Return the latest standings.

    Raises:
        UnknownExperiment: if no experiment of this id ever started.
    """
    board = boards.find(question.experiment_id)
    if board is None:
        raise UnknownExperiment(question.experiment_id)
    return board.leaderboard()


def _count(event: FitCompleted | FitFailed, boards: BoardStore) -> list[Message]:
    board = boards.find(event.experiment_id)
    if board is None or board.cancelled or board.has(event.fit_id):
        return []
    outcome = outcome_of(event, board.started.plan.metric)
    boards.remember_outcome(event.experiment_id, outcome)
    board = replace(board, outcomes=[*board.outcomes, outcome])
    return [board.updated(), *_verdict(board, boards)]


def _verdict(board: Board, boards: BoardStore) -> list[Message]:
    refit = board.refit()
    return [refit] if refit is not None and boards.judge(refit.experiment_id) else []
