from typing import Any

import pytest

from contracts.evaluation import LeaderboardUpdated, Verdict
from tests.builders.refereed import a_refereed_board, a_verdict
from ui.verdicts import behind, brief, decimals_of, percents, rule_line, saved_line, suggested_line


def said(verdict: Verdict | None, retired: int | None = None, **fields: Any) -> str:
    board = a_refereed_board(**fields)
    return brief(board.standings[5].model_copy(update={"verdict": verdict, "retired": retired}), board)


@pytest.mark.parametrize(
    ("verdict", "retired", "words"),
    [
        (None, None, ""),
        (a_verdict("winner", against=None), None, "winner"),
        (a_verdict("tied"), None, "tied"),
        (a_verdict("tied", against=None), None, "tied; best mean"),
        (a_verdict("tied", rows_to_tell=24_312), None, "tied; about 24,000 rows in all would tell"),
        (a_verdict("beaten"), 3, "beaten after 3 folds by Light Gradient Boosting Machine"),
        (a_verdict("beaten", against="catboost"), 1, "beaten after 1 fold by CatBoost"),
        (a_verdict("beaten", against="catboost"), None, "beaten by CatBoost"),
        (a_verdict("beaten", against="elsewhere"), None, "beaten by elsewhere"),
        (a_verdict("no_better"), 5, "at most 0.005 better after 5 folds"),
        (a_verdict("open"), None, "can't tell yet"),
        (a_verdict("open", rows_to_tell=870), None, "can't tell yet; about 870 rows in all would"),
    ],
)
def test_a_verdict_is_said_in_few_words(verdict: Verdict | None, retired: int | None, words: str) -> None:
    assert said(verdict, retired) == words


def test_the_best_is_not_called_tied_if_others_were_only_retired_as_no_better() -> None:
    board = a_board_of(a_verdict("tied", against=None), a_verdict("no_better"))
    assert brief(board.standings[0], board) == "best mean"


def test_who_leads_is_said_to_lead_only_as_long_as_the_race_goes_on() -> None:
    leads = a_verdict("open", against=None)
    assert said(leads, final=False) == "leads so far"
    assert said(leads, final=True) == "can't tell yet"


def test_a_margin_that_nobody_knows_yet_is_named_without_its_number() -> None:
    assert said(a_verdict("no_better"), 5, margin=None) == "at most the margin better after 5 folds"


def test_shares_are_whole_percents_that_come_to_a_hundred() -> None:
    for better, same in ((0.0, 0.031), (1 / 3, 1 / 3), (0.005, 0.005), (0.995, 0.0), (1.0, 0.0)):
        shares = percents(a_verdict(better=better, same=same, worse=1 - better - same))
        assert sum(shares) == 100
        assert all(abs(told - 100 * share) < 1 for told, share in zip(shares, (better, same), strict=False))
    assert percents(a_verdict(better=None, same=None, worse=None)) == ()


def test_the_leader_is_behind_nobody() -> None:
    assert behind(a_verdict(behind=None, low=None, high=None), 4) == ("", "")


@pytest.mark.parametrize(("width", "decimals"), [(0.0046, 4), (0.5, 3), (1.5, 2), (40.0, 1), (900.0, 0), (0.0, 4)])
def test_differences_have_as_many_decimals_as_their_intervals_are_worth(width: float, decimals: int) -> None:
    assert decimals_of(a_board_of(a_verdict(low=1.0, high=1.0 + width))) == decimals


def test_nothing_is_said_of_what_is_not_known() -> None:
    board = a_refereed_board(rule=None, margin=None, fits_saved=0, cpu_saved=None, suggested=None)
    assert (rule_line(board), saved_line(board, 100), suggested_line(board)) == ("", "", "")


def test_a_race_that_retires_nobody_still_says_what_is_the_same_for_practice() -> None:
    board = a_refereed_board(rule=None, metric="RMSE", margin=1234.5678)
    assert rule_line(board) == "full, nobody is retired: the same for practice within 1,230 RMSE"


def a_board_of(*verdicts: Verdict) -> LeaderboardUpdated:
    standing = a_refereed_board().standings[0]
    return a_refereed_board(standings=tuple(standing.model_copy(update={"verdict": each}) for each in verdicts))
