from collections.abc import Mapping

import pytest

from contracts.evaluation import Leaderboard
from contracts.ids import CandidateId
from tests.bench.refereed import Refereed
from tests.bench.retiring import Retired, ratios_of, said_of, told
from tests.builders import a_fit_completed
from tests.builders.refereed import ENTRANTS, FOLDS, PLAN, a_refereed_board

BOARD = Leaderboard(**dict(a_refereed_board()))


def a_race(retired: Mapping[str, int], ahead: float = 0.0) -> Refereed:
    """Return a race whose fits take a second each; it spent ``ahead`` seconds on one that it had to end."""
    gone = {CandidateId(name): folds for name, folds in retired.items()}
    fits = [a_fit_completed(name, fold, cpu_seconds=1.0) for name, *_ in ENTRANTS for fold in range(FOLDS)]
    saved = sum(FOLDS - folds for folds in gone.values())
    owed = [fit for fit in fits if fit.fold < gone.get(fit.candidate, FOLDS)]
    killed = {(CandidateId("knn"), 2): ahead} if ahead else {}
    return Refereed(PLAN, owed, gone, killed, BOARD.model_copy(update={"fits_saved": saved}))


def some_races(name: str = "flights", ahead: float = 0.6) -> Retired:
    """Return races in which ``careful`` retires one candidate after two folds, and ``fast`` two."""
    return Retired(name, a_race({"knn": 2}, ahead), a_race({"knn": 2, "nb": 1}), a_race({}))


def test_what_careful_spent_ahead_is_counted_too() -> None:
    assert some_races().cpu["careful"] == pytest.approx((92 + 0.6) / 100)


def test_fast_runs_ahead_as_careful_did_for_each_that_it_retires() -> None:
    assert some_races().cpu["fast"] == pytest.approx((83 + 2 * 0.6) / 100)


def test_a_race_that_retires_nobody_saves_nothing() -> None:
    races = Retired("flights", a_race({}), a_race({}), a_race({}))
    assert (races.cpu, races.fits) == ({"careful": 1.0, "fast": 1.0}, {"careful": 1.0, "fast": 1.0})


def test_fits_are_counted_as_the_board_counts_them() -> None:
    assert some_races().fits == pytest.approx({"careful": 0.92, "fast": 0.83})


@pytest.mark.parametrize(
    ("best", "said"),
    [("lightgbm", "wins"), ("catboost", "tied"), ("lr", "no better"), ("ada", "lost"), ("rf", "lost")],
)
def test_the_winner_of_all_folds_is_named_or_said_to_be_as_good_or_it_is_lost(best: str, said: str) -> None:
    assert said_of(BOARD, CandidateId(best)) == said


def test_the_medians_leave_out_the_small_samples() -> None:
    ratios = ratios_of([some_races("flights", 0.5), some_races("flights_400", 1.0)])
    assert ratios["retiring_careful_flights_400"] == 0.93
    assert ratios["retiring_careful_median"] == ratios["retiring_careful_flights"] == 0.925


def test_without_a_large_dataset_there_is_no_median() -> None:
    assert ratios_of([some_races("flights_400")])["retiring_careful_median"] is None


def test_a_line_tells_what_became_of_a_dataset() -> None:
    line = told(some_races())
    assert line.startswith("flights ")
    assert "careful 0.926 of it and 0.920 of the fits, best wins" in line
    assert line.endswith("0.006 ahead, fits ended: 1")
