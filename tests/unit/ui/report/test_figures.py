import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.builders.reports import a_report
from ui.report.anomalies import anomaly_figures
from ui.report.curves import calibration_figures, curve_figures
from ui.report.dependence import dependence_section
from ui.report.figure import Figure
from ui.report.forecasts import forecast_figures
from ui.report.groups import group_figures
from ui.report.importance import importance_figures
from ui.report.mistakes import confusion_figures, slice_figures
from ui.report.scores import score_figures
from ui.report.table import Table


def tables(**given: Mapping[str, Any]) -> dict[str, Table]:
    return {name: Table(name, columns) for name, columns in given.items()}


def titled(figures: Iterable[Figure]) -> dict[str, Figure]:
    return {figure.title: figure for figure in figures}


def rows_of(drawing: str) -> list[tuple[str, str]]:
    """Return what each row of strips tells a pointer, and the colour of its dot."""
    return re.findall(r"<title>([^<]*)</title>.*?<circle class=\"([\w-]+)\"", drawing)


def test_no_tables_no_figures() -> None:
    for figures in (curve_figures, calibration_figures, confusion_figures, slice_figures, forecast_figures):
        assert list(figures({})) == []
    for figures in (group_figures, anomaly_figures):
        assert list(figures({})) == []
    assert list(importance_figures({}, "AUC")) == list(score_figures(a_report({}), {})) == []
    assert dependence_section({}).figures == ()


def test_the_scores_drawn_are_those_of_the_metric_of_the_race() -> None:
    given = tables(
        scores={"metric": ["Accuracy", "Accuracy", "AUC"], "fold": [0, 1, 0], "score": [0.5, 0.7, 0.9]},
        score_means={"metric": ["Accuracy"], "mean": [0.6], "low": [None], "high": [None]},
    )
    (figure,) = score_figures(a_report({}), given)
    (dots,) = re.findall(r'class="dots lead-0 large" d="([^"]*)"', figure.drawing)
    assert dots.count("M") == 2
    assert "interval" not in figure.reading


def test_four_classes_have_colours_and_the_others_share_one() -> None:
    classes = list("abcdef")
    means = {"class": classes, "recall": [0.0] * 6, "precision": [0.5] * 6, "low": [None] * 6, "high": [None] * 6}
    points = {"class": classes, "fold": [0] * 6, "threshold": [0.5] * 6, "recall": [0.0] * 6, "precision": [0.5] * 6}
    (figure,) = curve_figures(tables(precision_recall_mean=means, precision_recall=points))
    assert [style for _, style in figure.legend] == ["lead-0", "lead-1", "lead-2", "lead-3", "others", "others"]


def test_the_folds_of_one_class_lie_behind_its_mean() -> None:
    means = {
        "class": ["b"] * 2,
        "share": [0.0, 1.0],
        "gain": [0.0, 1.0],
        "low": [0.0, 1.0],
        "high": [0.0, 1.0],
        "lift": [None, 1.0],
    }
    points = {
        "class": ["b"] * 4,
        "fold": [0, 0, 1, 1],
        "threshold": [1.0] * 4,
        "share": [0.0, 1.0] * 2,
        "gain": [0.0, 1.0] * 2,
    }
    figures = titled(curve_figures(tables(gain_mean=means, gain=points)))
    assert figures["Gain"].drawing.count("line faint") == 2
    assert "Lift" in figures


def test_a_winner_is_told_what_it_is_worth_where_it_was_not_chosen() -> None:
    scores = {"metric": ["AUC", "AUC"], "fold": [0, 1], "score": [0.7, 0.8]}
    worth = {
        "metric": ["AUC"], "on_these_folds": [0.75], "on_new_data": [0.74], "low": [0.7], "high": [0.78],
        "candidates": [14], "rows": [900], "draws": [500],
    }  # fmt: skip
    (figure,) = score_figures(a_report({}), tables(scores=scores, worth=worth))
    assert "It was the best of 14 on these folds, with 0.75; on new data 0.74 is to be expected" in figure.reading
    assert "worth" in figure.tables


def test_right_and_wrong_cells_of_a_confusion_have_two_colours() -> None:
    pairs = {"truth": ["a", "a", "b", "b"], "prediction": ["a", "b", "a", "b"], "rows": [9, 1, 0, 0]}
    (figure,) = confusion_figures(tables(confusion=pairs | {"share": [0.9, 0.1, None, None]}))
    assert re.findall(r'<td class="(\w+)" style="--of:(\d+)%"[^>]*>(\d+)', figure.drawing) == [
        ("more", "90", "9"), ("less", "10", "1"), ("more", "0", "0"), ("more", "0", "0")
    ]  # fmt: skip


def slices(small: list[bool], p_values: list[float | None]) -> dict[str, list[Any]]:
    rows = range(len(small))
    return {
        "feature": [f"f{row}" for row in rows], "slice": ["x"] * len(small), "rows": [50] * len(small), "small": small,
        "error_rate": [0.5] * len(small), "low": [0.4] * len(small), "high": [0.6] * len(small), "p_value": p_values,
    }  # fmt: skip


def test_slices_that_surely_differ_have_another_colour_and_small_ones_are_left_out() -> None:
    (figure,) = slice_figures(tables(slices=slices([False, True, False], [0.001, None, 0.5])))
    assert [(told[:2], style) for told, style in rows_of(figure.drawing)] == [("f0", "lead-1"), ("f2", "lead-0")]


def test_if_all_slices_are_small_they_are_drawn_with_a_warning() -> None:
    (figure,) = slice_figures(tables(slices=slices([True, True], [None, None])))
    assert len(rows_of(figure.drawing)) == 2
    assert "fewer than 30 rows" in figure.reading


def test_columns_within_the_noise_are_grey_and_the_line_is_drawn() -> None:
    columns = {
        "feature": ["age", "day"], "importance": [0.3, 0.01], "low": [0.2, None], "high": [0.4, None],
        "noise": [0.05, 0.05], "above_noise": [True, False],
    }  # fmt: skip
    (figure,) = importance_figures(tables(importance=columns), "AUC")
    assert rows_of(figure.drawing) == [("age: 0.3 (0.2 to 0.4)", "lead-0"), ("day: 0.01", "others")]
    assert figure.drawing.count("line rule") == 1
    assert "AUC gets worse" in figure.reading


def test_without_a_noise_line_no_column_is_grey() -> None:
    columns = {
        "feature": ["age"],
        "importance": [0.3],
        "low": [None],
        "high": [None],
        "noise": [None],
        "above_noise": [False],
    }
    (figure,) = importance_figures(tables(influence=columns), "AUC")
    assert [style for _, style in rows_of(figure.drawing)] == ["lead-0"]
    assert "dashed" not in figure.reading


def dependence(values: list[str], numbers: list[float | None]) -> dict[str, Table]:
    size = len(values)
    shared = {"feature": ["age"] * size, "position": list(range(size)), "output": ["prediction"] * size}
    means = {"value": values, "number": numbers, "mean": [1.0] * size, "q10": [0.0] * size, "q90": [2.0] * size}
    return tables(
        partial_dependence=shared | means, individual_lines=shared | {"row": [7] * size, "prediction": [1.5] * size}
    )


def test_numbers_are_joined_and_a_missing_value_stands_apart() -> None:
    (figure,) = dependence_section(dependence(["1", "2", "(missing)"], [1.0, 2.0, None])).figures
    assert figure.drawing.count("line faint") == 1
    assert figure.drawing.count('class="area lead-0"') == 1
    assert ">missing</text>" in figure.drawing
    joined, missing = re.findall(r'class="dots lead-0 large" d="([^"]*)"', figure.drawing)
    assert (joined.count("M"), missing.count("M")) == (2, 1)


def test_categories_are_named_and_not_joined() -> None:
    (figure,) = dependence_section(dependence(["red", "blue"], [None, None])).figures
    assert ">red</text>" in figure.drawing
    assert 'class="area lead-0"' not in figure.drawing


def test_moments_are_marked_as_dates() -> None:
    (figure,) = dependence_section(dependence(["2024-01-01", "2024-03-01"], [19723.0, 19783.0])).figures
    assert ">2024-01-01</text>" in figure.drawing


def test_lags_within_one_forecast_are_grey() -> None:
    lags = {"lag": [1, 2], "autocorrelation": [0.5, 0.1], "bound": [0.3, 0.3], "within_forecast": [True, False]}
    (figure,) = forecast_figures(tables(residual_autocorrelation=lags))
    assert re.findall(r'class="dots ([\w-]+) large"', figure.drawing) == ["others", "lead-0"]


def test_features_that_set_groups_apart_most_come_first() -> None:
    features = {
        "group": ["A", "B", "A", "B"], "feature": ["age", "age", "mass", "mass"], "typical": ["1", "2", "30", "90"],
        "missing": [0.0] * 4, "difference": [0.1, -0.1, -1.0, 1.0],
    }  # fmt: skip
    (figure,) = group_figures(tables(group_features=features))
    assert re.findall(r'<th scope="row">(\w+)', figure.drawing) == ["mass", "age"]
    assert figure.drawing.count('class="less"') == 2


def test_an_unusual_row_says_what_is_rare_in_it() -> None:
    rows = {"row": [7], "fold": [0], "score": [1.5], "place": [0.99], "prediction": ["anomaly"]}
    values = {"row": [7, 7], "feature": ["mass", "sex"], "value": ["<900>", "m"], "rarity": [0.01, 0.5]}
    (figure,) = anomaly_figures(tables(unusual_rows=rows, unusual_values=values))
    assert "mass = &lt;900&gt; <small>(1 %)</small>, sex = m <small>(50 %)</small>" in figure.drawing
