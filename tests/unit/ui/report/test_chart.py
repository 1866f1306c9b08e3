import re

from ui.report.chart import BOTTOM, LEFT, RIGHT, TOP, Axis, Chart


def a_chart() -> Chart:
    return Chart(Axis.between("x", 0, 10), Axis.between("y", 0, 1), width=LEFT + RIGHT + 100, height=TOP + BOTTOM + 100)


def paths(chart: Chart, style: str) -> list[str]:
    return re.findall(rf'<path class="{style}" d="([^"]*)"/>', chart.svg("a chart"))


def test_a_point_stands_where_its_numbers_say() -> None:
    chart = a_chart().line([(0, 0), (5, 1), (10, 0.5)], "lead-0")
    assert paths(chart, "line lead-0") == [f"M{LEFT}.0 {TOP + 100}.0L{LEFT + 50}.0 {TOP}.0L{LEFT + 100}.0 {TOP + 50}.0"]


def test_a_line_is_broken_where_a_value_is_missing() -> None:
    chart = a_chart().line([(0, 0), (1, 0), (2, None), (3, 0), (4, float("nan"))], "lead-0")
    assert len(paths(chart, "line lead-0")) == 2


def test_what_is_missing_or_endless_is_not_drawn() -> None:
    chart = a_chart().dots([(None, 1), (float("inf"), 1)], "lead-0").band([(1, None, 2)], "lead-0")
    assert "lead-0" not in chart.whiskers([(1, 0, None)], "lead-0").bars([(0, None, 0, 1)], "lead-0").svg("a chart")


def test_what_lies_outside_the_axes_is_drawn_at_the_edge() -> None:
    assert paths(a_chart().dots([(20, -3)], "lead-0"), "dots lead-0") == [f"M{LEFT + 100}.0 {TOP + 100}.0h0"]


def test_a_band_goes_there_along_the_upper_line_and_back_along_the_lower() -> None:
    (band,) = paths(a_chart().band([(0, 0, 1), (10, 0, 1)], "lead-0"), "area lead-0")
    assert re.findall(r"[\d.]+ ([\d.]+)", band) == [f"{TOP}.0", f"{TOP}.0", f"{TOP + 100}.0", f"{TOP + 100}.0"]


def test_names_on_an_axis_are_words_and_cut_if_they_would_meet() -> None:
    axis = Axis.of_names("island", ["<b>", "a very long name of an island", "c"])
    drawn = Chart(axis, Axis.between("y", 0, 1)).svg("a chart")
    assert "&lt;b&gt;" in drawn
    assert "a very long nam\N{HORIZONTAL ELLIPSIS}" in drawn


def test_an_axis_of_one_value_has_room() -> None:
    axis = Axis.over("y", [3.0, 3.0])
    assert axis.low < 3.0 < axis.high
