from tests.bench.quality import Reached, ratios_of, told


def test_tools_stand_next_to_each_other_and_a_loss_is_below_1() -> None:
    ratios = ratios_of("flights", [Reached("trackside", 0.72, 0.01, 60.0), Reached("flaml", 0.75, 0.01, 300.0)])
    assert ratios == {
        "quality_flights_trackside": 0.72,
        "quality_flights_trackside_seconds": 60.0,
        "quality_flights_flaml": 0.75,
        "quality_flights_flaml_seconds": 300.0,
        "quality_flights_to_best_other": 0.96,
    }


def test_ours_is_put_to_the_best_of_the_others() -> None:
    reached = [
        Reached("flaml", 0.6, 0.01, 1.0),
        Reached("trackside", 0.9, 0.01, 1.0),
        Reached("autogluon", 1.0, 0.01, 1.0),
    ]
    assert ratios_of("q", reached)["quality_q_to_best_other"] == 0.9


def test_a_tool_that_could_not_be_asked_has_no_figure_and_is_not_compared_with() -> None:
    missing = Reached("flaml", reason="no such version")
    ratios = ratios_of("q", [Reached("trackside", 0.7, 0.01, 1.0), missing])
    assert ratios["quality_q_flaml"] is None
    assert ratios["quality_q_to_best_other"] is None
    assert told(missing).endswith("not measured: no such version")
