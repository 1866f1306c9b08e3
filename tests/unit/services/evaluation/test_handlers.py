import pytest

from contracts.evaluation import GetLeaderboard, LeaderboardUpdated
from contracts.message import Message
from contracts.training import RefitCandidate
from services.evaluation import handlers
from services.evaluation.domain.errors import UnknownExperiment
from services.evaluation.store import BoardStore
from tests.builders import (
    a_fit_completed,
    a_fit_failed,
    an_experiment_cancelled,
    an_experiment_completed,
    an_experiment_started,
)
from tests.builders.judging import NoRows

NAMES = ("logistic", "tree", "dummy")


@pytest.fixture
def started(boards: BoardStore) -> BoardStore:
    assert handlers.on_experiment_started(an_experiment_started(), boards) == []
    return boards


def race(boards: BoardStore) -> list[Message]:
    said: list[Message] = []
    for fold in (0, 1):
        for place, name in enumerate(NAMES):
            said.extend(handlers.on_fit_completed(a_fit_completed(name, fold, 0.5 + place / 10), boards, NoRows()))
    return said


def test_each_fit_is_answered_with_the_standings(started: BoardStore) -> None:
    (board,) = handlers.on_fit_completed(a_fit_completed("tree", 0, 0.8), started, NoRows())
    assert isinstance(board, LeaderboardUpdated)
    assert (board.fits_counted, board.final) == (1, False)
    assert (board.standings[0].candidate, board.standings[0].mean) == ("tree", 0.8)


def test_a_repeated_fit_counts_once(started: BoardStore) -> None:
    handlers.on_fit_completed(a_fit_completed("tree", 0, 0.8), started, NoRows())
    assert handlers.on_fit_completed(a_fit_completed("tree", 0, 0.8), started, NoRows()) == []
    assert handlers.on_fit_failed(a_fit_failed("tree", 0), started, NoRows()) == []


def test_a_fit_of_an_unknown_experiment_is_passed_over(boards: BoardStore) -> None:
    assert handlers.on_fit_completed(a_fit_completed(), boards, NoRows()) == []
    assert handlers.on_experiment_completed(an_experiment_completed(), boards) == []


def test_an_experiment_that_starts_again_keeps_its_board(started: BoardStore) -> None:
    handlers.on_fit_completed(a_fit_completed(), started, NoRows())
    handlers.on_experiment_started(an_experiment_started(), started)
    assert handlers.get_leaderboard(GetLeaderboard(experiment_id="exp-1"), started).fits_counted == 1


def test_the_winner_is_refitted_once_when_the_experiment_completes(started: BoardStore) -> None:
    boards = race(started)
    assert [type(message) for message in boards] == [LeaderboardUpdated] * 6
    assert isinstance(boards[-1], LeaderboardUpdated)
    assert boards[-1].final
    (refit,) = handlers.on_experiment_completed(an_experiment_completed(), started)
    assert isinstance(refit, RefitCandidate)
    assert refit.candidate == "dummy"
    assert handlers.on_experiment_completed(an_experiment_completed(), started) == []


def test_the_winner_is_refitted_once_when_the_last_fit_is_heard_last(started: BoardStore) -> None:
    assert handlers.on_experiment_completed(an_experiment_completed(), started) == []
    refits = [message for message in race(started) if isinstance(message, RefitCandidate)]
    assert len(refits) == 1
    assert handlers.on_experiment_completed(an_experiment_completed(), started) == []


def test_a_cancelled_experiment_has_final_standings_and_no_winner(started: BoardStore) -> None:
    handlers.on_fit_completed(a_fit_completed("tree", 0, 0.8), started, NoRows())
    (board,) = handlers.on_experiment_cancelled(an_experiment_cancelled(), started)
    assert isinstance(board, LeaderboardUpdated)
    assert (board.fits_counted, board.final, board.cancelled) == (1, True, True)
    assert handlers.on_fit_completed(a_fit_completed("dummy", 0, 0.5), started, NoRows()) == []
    assert handlers.get_leaderboard(GetLeaderboard(experiment_id=board.experiment_id), started).final


def test_a_question_is_answered_with_the_latest_standings(started: BoardStore) -> None:
    board = race(started)[-1]
    assert isinstance(board, LeaderboardUpdated)
    answer = handlers.get_leaderboard(GetLeaderboard(experiment_id="exp-1"), started)
    assert dict(answer) == {**dict(board), "folds": 2}


def test_a_question_about_an_unknown_experiment_is_refused(boards: BoardStore) -> None:
    with pytest.raises(UnknownExperiment, match="exp-9"):
        handlers.get_leaderboard(GetLeaderboard(experiment_id="exp-9"), boards)
