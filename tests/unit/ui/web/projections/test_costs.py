import pytest

from tests.builders.refereed import a_refereed_board
from tests.unit.ui.cli.test_race import a_board
from ui.web.projections.costs import cost_rows


def test_a_candidate_is_told_with_what_it_costs_and_the_score_beside_it() -> None:
    assert cost_rows(a_refereed_board())["catboost"] == {
        "answer": "3.9 ms", "slowest": "7.8 ms", "size": "4.6 MB", "front": None, "answer_ms": 3.9,
        "score": pytest.approx(a_refereed_board().standings[0].mean),
    }  # fmt: skip


def test_who_is_on_a_front_is_told_of_which() -> None:
    rows = cost_rows(a_refereed_board())
    assert {key for key, row in rows.items() if row["front"] == "both"} == {"lr", "gbc"}


def test_a_platform_that_does_not_measure_costs_has_no_rows_of_them() -> None:
    assert cost_rows(a_board()) == {}
