"""What evaluation says of a race whose rows tell its candidates apart."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.evaluation import CandidateRetired, LeaderboardUpdated, Standing, Verdict
from contracts.message import Message
from contracts.training import FitCompleted, RefitCandidate
from infra.state import State
from services.evaluation import handlers
from services.evaluation.store import METADATA, BoardStore
from tests.builders import (
    a_fit_completed,
    a_fit_failed,
    a_plan,
    an_experiment_cancelled,
    an_experiment_completed,
    an_experiment_started,
)
from tests.builders.judging import HitsAround, NoRows

SCORES = {"logistic": 0.9, "tree": 0.89, "dummy": 0.5}
ROWS = HitsAround(rows=400)


def begin(boards: BoardStore, **plan: object) -> None:
    plan = {"folds": 10, "rule": "careful", "rows": 4000} | plan
    handlers.on_experiment_started(an_experiment_started(plan=a_plan(**plan)), boards)


def all_fits(folds: int = 10) -> list[FitCompleted]:
    return [a_fit_completed(name, fold, score) for fold in range(folds) for name, score in SCORES.items()]


def heard(boards: BoardStore, fits: Sequence[FitCompleted]) -> list[Message]:
    return [message for fit in fits for message in handlers.on_fit_completed(fit, boards, ROWS)]


def retired(said: Sequence[Message]) -> dict[str, tuple[int, int, str]]:
    gone = [fact for fact in said if isinstance(fact, CandidateRetired)]
    return {fact.candidate: (fact.folds, fact.fits_saved, fact.verdict.kind) for fact in gone}


def last_board(said: Sequence[Message]) -> LeaderboardUpdated:
    return [fact for fact in said if isinstance(fact, LeaderboardUpdated)][-1]


def by_name(board: LeaderboardUpdated) -> dict[str, Standing]:
    return {standing.candidate: standing for standing in board.standings}


def verdict_of(board: LeaderboardUpdated, candidate: str) -> Verdict:
    verdict = by_name(board)[candidate].verdict
    assert verdict is not None
    return verdict


def test_who_is_worse_is_retired_as_soon_as_all_have_raced_a_fold(boards: BoardStore) -> None:
    begin(boards)
    first, second, third = all_fits(1)
    assert retired(heard(boards, [first, second])) == {}
    said = handlers.on_fit_completed(third, boards, ROWS)
    assert retired(said) == {"dummy": (1, 9, "beaten")}
    board = last_board(said)
    assert (board.fits_counted, board.fits_saved, board.rule, board.margin) == (3, 9, "careful", 0.005)
    assert by_name(board)["dummy"].retired == 1
    verdict = verdict_of(board, "dummy")
    assert verdict.said.startswith(
        "Beaten after 1 fold by Logistic Regression: 0.4 behind, 95 % interval of the gap 0.3"
    )
    assert (verdict.against, verdict.compared_on, verdict.worse) == ("logistic", 1, 1.0)


def test_what_a_worker_did_ahead_for_a_retired_candidate_is_not_counted(boards: BoardStore) -> None:
    begin(boards)
    heard(boards, all_fits(1))
    assert handlers.on_fit_completed(a_fit_completed("dummy", 1, 0.99), boards, ROWS) == []
    board = last_board(heard(boards, [a_fit_completed("logistic", 1, 0.9)]))
    assert board.fits_counted == 4
    assert by_name(board)["dummy"].scores == (0.5, *[None] * 9)


def test_the_race_is_over_once_every_owed_fit_has_an_outcome(boards: BoardStore) -> None:
    begin(boards)
    said = heard(boards, [fit for fit in all_fits() if fit.candidate != "dummy" or fit.fold == 0])
    board = last_board(said)
    assert board.final
    assert board.fits_counted + board.fits_saved == 30
    (refit,) = handlers.on_experiment_completed(an_experiment_completed(), boards)
    assert isinstance(refit, RefitCandidate)
    assert refit.candidate == "logistic"


def test_ties_share_the_first_place_and_the_fastest_is_suggested(boards: BoardStore) -> None:
    begin(boards, rule=None)
    slow, quick = {"answer_seconds": 0.9}, {"answer_seconds": 0.1}
    said: list[Message] = []
    for fold in range(10):
        for name, score, time in (("logistic", 0.9, slow), ("tree", 0.8975, quick), ("dummy", 0.5, quick)):
            fit = a_fit_completed(name, fold, score, **time)
            said += handlers.on_fit_completed(fit, boards, HitsAround(rows=400))
    board = last_board(said)
    assert [(one.candidate, one.place) for one in board.standings] == [("logistic", 1), ("tree", 1), ("dummy", 3)]
    kinds = {name: one.verdict and one.verdict.kind for name, one in by_name(board).items()}
    assert kinds == {"logistic": "tied", "tree": "tied", "dummy": "beaten"}
    assert (board.suggested, board.fits_saved, board.cpu_saved) == ("tree", 0, None)


def test_a_winner_is_one_that_all_others_are_worse_than(boards: BoardStore) -> None:
    begin(boards, rule="strict")
    fits = [fit if fit.candidate != "tree" else a_fit_completed("tree", fit.fold, 0.8) for fit in all_fits()]
    board = last_board(heard(boards, fits))
    assert verdict_of(board, "logistic").kind == "winner"
    assert board.suggested is None


def test_who_leads_among_those_the_same_for_practice_is_no_winner(boards: BoardStore) -> None:
    begin(boards, margin=0.2)
    board = last_board(heard(boards, all_fits()))
    kinds = {name: one.verdict and one.verdict.kind for name, one in by_name(board).items()}
    assert kinds == {"logistic": "tied", "tree": "no_better", "dummy": "beaten"}
    assert [one.place for one in board.standings] == [1, 2, 3]


def test_before_the_end_nothing_is_settled_but_who_is_out(boards: BoardStore) -> None:
    begin(boards)
    board = last_board(heard(boards, all_fits(1)))
    kinds = {name: one.verdict and one.verdict.kind for name, one in by_name(board).items()}
    assert kinds == {"logistic": "open", "tree": "open", "dummy": "beaten"}
    tree = verdict_of(board, "tree")
    assert tree.said.startswith("Cannot be told apart from Logistic Regression yet after 1 fold: 0.01 behind")
    assert "more rows would tell" in tree.said
    assert tree.rows_to_tell is not None
    assert tree.rows_to_tell > 400


def test_a_candidate_that_lost_a_fold_is_not_judged(boards: BoardStore) -> None:
    begin(boards)
    heard(boards, [a_fit_completed("logistic", 0, 0.9), a_fit_completed("dummy", 0, 0.9)])
    (board,) = handlers.on_fit_failed(a_fit_failed("tree", 0), boards, ROWS)
    assert isinstance(board, LeaderboardUpdated)
    assert by_name(board)["tree"].verdict is None
    assert retired(heard(boards, [a_fit_completed("logistic", 1, 0.9), a_fit_completed("dummy", 1, 0.5)])) == {
        "dummy": (2, 8, "beaten")
    }


def test_under_a_hundred_rows_it_is_said_that_no_verdict_is_safe(boards: BoardStore) -> None:
    begin(boards, folds=2, rows=60)
    said = [
        message
        for fold in range(2)
        for name, score in SCORES.items()
        for message in handlers.on_fit_completed(a_fit_completed(name, fold, score), boards, HitsAround(rows=30))
    ]
    assert retired(said) == {}
    board = last_board(said)
    assert [one.place for one in board.standings] == [1, 2, 3]
    assert {one.verdict.kind for one in board.standings if one.verdict} == {"open"}
    assert verdict_of(board, "dummy").said == ("Cannot be told: 60 rows were seen, and under 100 no verdict is safe.")


def test_without_rows_fold_means_are_compared_and_that_is_said(boards: BoardStore) -> None:
    begin(boards)
    said = [message for fit in all_fits() for message in handlers.on_fit_completed(fit, boards, NoRows())]
    assert retired(said) == {}
    board = last_board(said)
    assert board.final
    assert any("fold means" in note for note in board.notes)


def test_a_cancelled_race_retires_nobody_more(boards: BoardStore) -> None:
    begin(boards)
    heard(boards, all_fits(1)[:2])
    handlers.on_experiment_cancelled(an_experiment_cancelled(), boards)
    assert handlers.on_fit_completed(all_fits(1)[2], boards, ROWS) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_whoever_is_first_the_verdicts_are_the_same(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    ends = []
    for shuffled in (False, True):
        state = State(f"sqlite:///{tmp_path_factory.mktemp('boards')}/evaluation.db", METADATA)
        with state.transaction() as transaction:
            boards = BoardStore(transaction)
            begin(boards)
            fits = random.Random(seed).sample(all_fits(), 30) if shuffled else all_fits()
            said = heard(boards, fits)
        state.close()
        ends.append(
            (retired(said), [one.model_copy(update={"fit_seconds": 0.0}) for one in last_board(said).standings])
        )
    assert ends[0] == ends[1]
