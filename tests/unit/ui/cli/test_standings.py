import io

import pytest
from rich.console import Console

from contracts.evaluation import LeaderboardUpdated
from tests.builders.refereed import FOLDS, a_refereed_board
from tests.unit.ui.cli.test_race import a_board, a_standing
from ui.cli.standings import Standings, told_below
from ui.limits import NO_LIMITS, Limits


def shown(
    board: LeaderboardUpdated, width: int = 200, folds: int | None = FOLDS, limits: Limits = NO_LIMITS
) -> list[str]:
    screen = Console(file=io.StringIO(), width=width)
    screen.print(Standings(board, folds, limits))
    assert isinstance(screen.file, io.StringIO)
    return [line.rstrip() for line in screen.file.getvalue().splitlines()]


def line_of(lines: list[str], name: str) -> str:
    return next(line for line in lines if name in line)


def test_a_candidate_without_a_score_says_why() -> None:
    nothing = a_standing(
        "dummy", None, mean=None, low=None, high=None, completed=0, failed=2, problem="It did not converge [at all]."
    )
    text = "\n".join(shown(a_board(nothing), folds=2))
    assert "2 failed: It did not converge [at all]." in text
    assert "0.8123" not in text


def test_a_board_without_verdicts_is_shown_as_it_was_before_there_were_any() -> None:
    title, *_ = shown(a_board(), folds=2)
    assert title.split() == ["#", "CANDIDATE", "AUC", "95", "%", "INTERVAL", "FOLDS", "FIT", "TIME"]
    assert list(told_below(a_board(), 2)) == []


def test_a_wide_terminal_shows_all_that_is_said_of_a_candidate_in_one_line() -> None:
    line = line_of(shown(a_refereed_board()), "AdaBoost")
    assert "0.0213   0.0153 … 0.0273" in line
    assert "0 / 0 / 100 %" in line
    assert "7/10    17.5 s   22 ms  310 kB         beaten after 7 folds by Light Gradient Boosting" in line


@pytest.mark.parametrize("width", [80, 100, 150, 179, 180, 200])
def test_no_number_is_cut_however_narrow_the_terminal(width: int) -> None:
    text = "\n".join(shown(a_refereed_board(), width))
    for number in ("0.9330", "0.0213", "0.0153 … 0.0273", "13 / 51 / 36 %", "10/10"):
        assert number in text
    assert max(map(len, text.splitlines())) <= width


def test_in_a_narrow_terminal_the_verdict_stands_below_the_name() -> None:
    lines = shown(a_refereed_board(), 80)
    at = lines.index(line_of(lines, "Random Forest"))
    assert lines[at].split("  ")[0] == " 4"
    assert lines[at + 1].startswith("    can't tell yet; about 24,000 rows")
    assert lines[at + 1].endswith("10/10  -0.0016 … 0.0104")


def test_who_is_on_a_front_is_marked_with_the_cost_that_it_is_of() -> None:
    lines = shown(a_refereed_board())
    assert lines[0].split()[-4:] == ["ANSWER", "SIZE", "FRONT", "VERDICT"]
    assert "1.6 ms   14 kB  both   at most" in line_of(lines, "Logistic")
    assert "3.9 ms  4.6 MB         tied" in line_of(lines, "CatBoost")


def test_a_board_without_verdicts_shows_what_is_known_of_costs_too() -> None:
    lines = shown(a_board(a_standing(answer_seconds=0.0021)), folds=2)
    assert lines[0].split()[-3:] == ["ANSWER", "SIZE", "FRONT"]
    assert lines[1].split()[-3:] == ["2.1", "ms", "time"]


def test_a_narrow_terminal_shows_what_a_candidate_costs_once_there_is_room() -> None:
    for width, seen in ((99, False), (100, True)):
        lines = shown(a_refereed_board(), width)
        assert lines[0].endswith("ANSWER") == seen
        assert line_of(lines, "Random Forest").endswith("37 ms") == seen


@pytest.mark.parametrize("width", [80, 200])
def test_who_is_outside_of_the_limits_recedes_with_the_reason(width: int) -> None:
    screen = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="standard")
    board = a_refereed_board()
    screen.print(Standings(board, FOLDS, Limits(answer_ms=5)))
    assert isinstance(screen.file, io.StringIO)
    lines = screen.file.getvalue().splitlines()
    dim, bold_green = "\x1b[2m", "\x1b[1;32m"
    assert dim in line_of(lines, "Forest").partition("Forest")[0]
    assert dim not in line_of(lines, "CatBoost").partition("CatBoost")[0]
    assert bold_green in line_of(lines, "CatBoost")
    assert "outside: answers in 37 ms" in " ".join(" ".join(shown(board, width, limits=Limits(answer_ms=5))).split())


def test_those_who_cannot_be_told_apart_share_their_place() -> None:
    lines = shown(a_refereed_board())
    assert [line.split()[0] for line in lines[1:5]] == ["1", "1", "1", "4"]


def test_below_the_board_stand_the_rule_what_it_saves_who_is_suggested_and_the_notes() -> None:
    assert list(told_below(a_refereed_board(), FOLDS)) == [
        "careful: the same for practice within 0.005 AUC",
        "34 of 100 fits need not be made, about 28 % of the processor time",
        "Gradient Boosting is suggested: it answers fastest among the 3 that are tied",
        "front of score and answer time: Logistic Regression 1.6 ms, Gradient Boosting 2.1 ms",
        "front of score and size: Logistic Regression 14 kB, Gradient Boosting 390 kB",
        "[yellow]note[/] Half of what Extra Trees is behind comes from 40 of 12,000 rows.",
    ]


def test_a_platform_that_does_not_say_how_many_folds_there_are_still_says_what_is_saved() -> None:
    assert "34 fits need not be made, about 28 % of the processor time" in list(told_below(a_refereed_board(), None))
