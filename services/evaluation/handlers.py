"""From a fact to evaluation's judgment."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.evaluation import CandidatesCompared, CompareCandidates, GetLeaderboard, Leaderboard
from contracts.message import Message
from contracts.training import ExperimentCancelled, ExperimentCompleted, ExperimentStarted, FitCompleted, FitFailed
from ml.referee.evidence import evidence_of
from services.evaluation.domain.board import Board
from services.evaluation.domain.comparing import compared
from services.evaluation.domain.errors import UnknownExperiment
from services.evaluation.domain.outcome import Outcome, outcome_of
from services.evaluation.ports import Rows
from services.evaluation.store import BoardStore


def on_experiment_started(event: ExperimentStarted, boards: BoardStore) -> list[Message]:
    """Open the experiment's board."""
    boards.remember_started(event)
    return []


def on_fit_completed(event: FitCompleted, boards: BoardStore, rows: Rows) -> list[Message]:
    """Count the fit once, retire whom it lets the referee retire, and state the standings with it."""
    return _count(event, boards, rows)


def on_fit_failed(event: FitFailed, boards: BoardStore, rows: Rows) -> list[Message]:
    """Count the failure once, and state the standings with it."""
    return _count(event, boards, rows)


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
    return _known(question.experiment_id, boards).leaderboard()


def compare_candidates(question: CompareCandidates, boards: BoardStore) -> CandidatesCompared:
    """Return which candidates are better, and how sure that is.

    Raises:
        UnknownExperiment: if no experiment of one of these ids ever started.
        Refusal: if the experiments do not answer this.
    """
    experiments = dict.fromkeys((question.experiment_id, *question.others))
    races = [_known(experiment_id, boards) for experiment_id in experiments]
    return compared(races, question.candidates, question.test)


def _known(experiment_id: str, boards: BoardStore) -> Board:
    board = boards.find(experiment_id)
    if board is None:
        raise UnknownExperiment(experiment_id)
    return board


def _count(event: FitCompleted | FitFailed, boards: BoardStore, rows: Rows) -> list[Message]:
    board = boards.find(event.experiment_id)
    if board is None or board.cancelled or board.has(event.fit_id):
        return []
    outcome = outcome_of(event, board.started.plan.metric)
    boards.remember_outcome(event.experiment_id, outcome)
    board = replace(board, outcomes=[*board.outcomes, outcome])
    if not board.counts(outcome):
        return []
    retired: list[Message] = []
    while (fold := board.next_fold()) is not None:
        board = _looked_at(board, fold, boards, rows)
        retired += board.retired_last()
    return [*retired, board.updated(), *_verdict(board, boards)]


def _looked_at(board: Board, fold: Sequence[Outcome], boards: BoardStore, rows: Rows) -> Board:
    told = rows.of(board.started.plan, fold)
    scores = {str(fit.candidate): fit.score for fit in fold if fit.score is not None}
    evidence = evidence_of(scores) if told is None else evidence_of(scores, told.scores, told.groups)
    boards.remember_evidence(board.started.experiment_id, len(board.evidence), evidence)
    return replace(board, evidence=[*board.evidence, evidence])


def _verdict(board: Board, boards: BoardStore) -> list[Message]:
    refit = board.refit()
    return [refit] if refit is not None and boards.judge(refit.experiment_id) else []
