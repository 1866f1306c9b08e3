import pytest

from ml.referee.course import Retirement
from ml.referee.gap import Gap
from services.evaluation.domain import words

NAMES = {"a": "Ridge", "b": "Extra Trees"}


def a_gap(behind: float, units: int = 400) -> Gap:
    return Gap("a", folds=3, behind=behind, variance=0.0001, degrees=400, units=units)


def test_a_beaten_one_is_told_by_whom_and_by_how_much() -> None:
    said = words.said_of_retired(Retirement(3, is_beaten=True, margin=0.005, gap=a_gap(0.05)), NAMES)
    assert said == "Beaten after 3 folds by Ridge: 0.05 behind, 95 % interval of the gap 0.03034 to 0.06966."


def test_one_that_is_no_better_is_told_the_margin() -> None:
    said = words.said_of_retired(Retirement(3, is_beaten=False, margin=0.03, gap=a_gap(-0.001)), NAMES)
    assert said.startswith("At most 0.03 better than Ridge after 3 folds: 0.001 ahead, 95 % interval of the gap -0.02")


def test_an_open_question_is_told_how_many_more_rows_would_settle_it() -> None:
    said = words.said_of_gap(a_gap(0.01), NAMES, is_tied=True, is_final=False, errors=2.41)
    assert said.startswith("Cannot be told apart from Ridge yet after 3 folds: 0.01 behind")
    assert said.endswith("; about 2,000 more rows would tell.")


@pytest.mark.parametrize(("behind", "is_tied"), [(0.0, True), (1e-9, True), (0.9, False)])
def test_no_number_is_made_up_where_rows_would_not_tell(behind: float, is_tied: bool) -> None:  # noqa: FBT001
    said = words.said_of_gap(a_gap(behind), NAMES, is_tied=is_tied, is_final=True, errors=2.41)
    assert "more rows" not in said


def test_a_leader_is_a_winner_only_if_all_others_are_worse() -> None:
    assert words.said_of_leader(0, 0, 0.005).startswith("Winner")
    assert words.said_of_leader(1, 0, 0.005) == "Best mean: 1 other is tied with it."
    assert words.said_of_leader(0, 3, 0.005) == "Best mean: 3 others are at most 0.005 better."
