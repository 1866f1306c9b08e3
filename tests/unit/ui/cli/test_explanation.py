from typing import Any

from rich.console import Console

from ui.cli.explanation import drawn, of_output, told_of


def a_line(feature: str, contribution: float, **changed: Any) -> dict[str, Any]:
    known = {
        "output": "yes",
        "unit": "probability",
        "value": "1",
        "standard_error": 0.01,
        "prediction": 0.9,
        "base": 0.5,
    }
    return {"feature": feature, "contribution": contribution, **known, **changed}


def printed(lines: list[dict[str, Any]]) -> list[str]:
    console = Console(width=120, highlight=False)
    with console.capture() as capture:
        console.print(drawn(lines))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_the_largest_share_comes_first_whichever_way_it_goes() -> None:
    lines = of_output([a_line("day", 0.1), a_line("age", -0.3), a_line("day", 9.0, output="no")])
    assert [line["feature"] for line in lines] == ["age", "day"]


def test_a_share_that_raises_the_answer_has_its_bar_on_the_right_and_one_that_lowers_it_on_the_left() -> None:
    _, up, down, none = printed([a_line("age", 0.4), a_line("day", -0.2), a_line("sex", 0.0)])
    bar = up.index("│")
    assert up[bar:] == "│" + "█" * 14
    assert down[bar - 7 : bar + 1] == "█" * 7 + "│"
    assert none.endswith(" │")


def test_a_row_without_any_share_is_drawn_too() -> None:
    assert printed([a_line("age", 0.0, standard_error=None)])[1].split() == ["age", "1", "+0"]


def test_names_and_values_from_the_data_stay_words_and_long_ones_are_cut() -> None:
    (line,) = printed([a_line("[bold]age[/]", 0.1, value="x" * 99)])[1:]
    assert "[bold]age[/]" in line
    assert "x" * 31 + "…" in line


def test_what_the_shares_add_up_to_is_said() -> None:
    assert "probability of yes is 0.9" in told_of(a_line("age", 0.4))
    assert "the difference, +0.4" in told_of(a_line("age", 0.4))
    forecast = a_line("last value", 12.0, output="prediction", unit="prediction", prediction=12.0, base=0.0)
    assert told_of(forecast) == "The prediction is 12. The shares add up to it."
