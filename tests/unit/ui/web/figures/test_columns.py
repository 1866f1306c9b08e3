"""What the figures are filled with."""

from typing import Any

from ui.web.figures.axis import board_axis
from ui.web.figures.best_so_far import best_columns, best_figure
from ui.web.figures.fold_scores import fold_columns, fold_figure
from ui.web.figures.pareto import pareto_columns, pareto_figure


def a_row(name: str, scores: list[float | None], slot: int | None = None, retired: int | None = None) -> dict[str, Any]:
    known = [score for score in scores if score is not None]
    mean = sum(known) / len(known) if known else None
    ends = {"low": None, "high": None}
    return {"name": name, "scores": scores, "slot": slot, "mean": mean, **ends, "retired": retired}


def a_point(seconds: float, mean: float, *, new: bool = True) -> dict[str, Any]:
    return {
        "seconds": seconds,
        "mean": mean,
        "low": None,
        "high": None,
        "name": "Tree",
        "candidate": "tree",
        "new": new,
    }


def a_cost(
    name: str, milliseconds: float | None, score: float | None, front: str | None = None, retired: int | None = None
) -> dict[str, Any]:
    cost = {"answer_ms": milliseconds, "answer": "some", "size": "1 MB", "score": score, "front": front}
    return {"name": name, "slot": None, "retired": retired, "cost": cost}


def test_leaders_are_drawn_last_and_labelled_where_they_end() -> None:
    columns = fold_columns([a_row("Tree", [0.9, 0.8], slot=0), a_row("Dummy", [0.5, 0.5])], folds=5)
    assert columns["lines"]["name"] == ["Dummy", "Tree"]
    assert (columns["labels"]["text"], columns["labels"]["x"]) == (["Tree"], [2])


def test_the_line_of_a_retired_candidate_ends_in_a_cross() -> None:
    rows = [a_row("Tree", [0.9, 0.8, 0.9], slot=0), a_row("Dummy", [0.5, 0.6, None], retired=2)]
    stops = fold_columns(rows, folds=3)["stops"]
    assert (stops["name"], stops["x"], stops["y"]) == (["Dummy"], [2], [0.6])


def test_candidates_without_a_score_are_not_drawn() -> None:
    assert fold_columns([a_row("Tree", [None, None])], folds=2)["lines"]["name"] == []


def test_labels_of_close_lines_do_not_overlap() -> None:
    rows = [a_row("A", [0.90, 0.90], 0), a_row("B", [0.89, 0.90], 1), a_row("C", [0.5, 0.6], 2)]
    high, low, _ = fold_columns(rows, folds=2)["labels"]["y"]
    assert high - low > 0.02


def test_one_candidate_far_off_does_not_flatten_the_others() -> None:
    rows = [a_row(str(index), [0.90 + index / 100, 0.91 + index / 100]) for index in range(6)]
    low, high = board_axis([*rows, a_row("lost", [-900.0, -800.0])])
    assert 0.85 < low < high < 1.0


def test_the_staircase_reaches_the_last_second() -> None:
    columns = best_columns([a_point(1.0, 0.7), a_point(3.0, 0.8)], until=9.0)
    assert columns["steps"]["xs"] == [[1.0, 3.0, 3.0, 9.0]]
    assert columns["steps"]["ys"] == [[0.7, 0.7, 0.8, 0.8]]


def test_the_front_is_a_staircase_to_the_edge_with_its_names() -> None:
    rows = [a_cost("Best", 8.0, 0.9, "time"), a_cost("Slow", 9.0, 0.85), a_cost("Fast", 2.0, 0.8, "both")]
    columns = pareto_columns(rows)
    end = columns["x"][1]
    assert columns["steps"]["xs"] == [[2.0, 2.0, 8.0, 8.0, end]]
    assert columns["steps"]["ys"] == [[0.8, 0.8, 0.8, 0.9, 0.9]]
    assert columns["labels"]["text"] == ["Best", "Fast"]
    assert columns["labels"]["align"] == ["right", "left"]


def test_who_is_on_the_front_of_size_alone_is_not_on_that_of_time() -> None:
    assert pareto_columns([a_cost("Small", 2.0, 0.8, "size")])["steps"]["xs"] == []


def test_who_has_no_time_or_no_score_to_compare_is_not_drawn() -> None:
    rows = [a_cost("A", None, 0.9), a_cost("B", 2.0, None), {"name": "C", "slot": 0, "retired": None, "cost": None}]
    assert pareto_columns(rows)["dots"]["name"] == []


def test_who_was_retired_far_behind_does_not_flatten_the_front() -> None:
    rows = [a_cost("A", 2.0, 0.9, "time"), a_cost("B", 3.0, 0.89), a_cost("C", 1.0, 0.5, retired=1)]
    low, high = pareto_columns(rows)["y"]
    assert 0.88 < low < high < 0.91


def test_figures_can_be_filled_before_the_first_score() -> None:
    assert fold_columns([], folds=5)["lines"]["name"] == []
    assert best_columns([], until=0.0)["steps"]["xs"] == []
    assert pareto_columns([])["steps"]["xs"] == []


def test_every_column_that_arrives_has_its_place_in_the_figure() -> None:
    figures = {
        fold_figure(): {f"fold-{part}": fold_columns([], 2)[part] for part in ("lines", "labels", "stops")},
        best_figure(): {f"best-{part}": best_columns([], 0.0)[part] for part in ("steps", "dots", "labels")},
        pareto_figure(): {f"pareto-{part}": pareto_columns([])[part] for part in ("steps", "dots", "labels")},
    }
    for figure, parts in figures.items():
        for name, columns in parts.items():
            source = figure.select_one({"name": name})
            assert set(source.data) == {*columns, "color"} - {"slot"}
