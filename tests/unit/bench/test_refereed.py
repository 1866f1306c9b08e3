from datetime import datetime, timedelta

import pytest

from contracts.evaluation import Leaderboard
from contracts.ids import CandidateId
from contracts.training import FitCompleted, FitStarted
from infra.bus import Delivered
from tests.bench.refereed import Refereed, killed
from tests.builders import a_candidate_retired, a_fit_completed, a_fit_failed
from tests.builders.bus import told
from tests.builders.messages import EXPERIMENT, NOON
from tests.builders.refereed import PLAN, a_refereed_board


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def begun(candidate: str, fold: int, seconds: float) -> Delivered:
    sign = FitStarted(experiment_id=EXPERIMENT, candidate=CandidateId(candidate), fold=fold, worker="a")
    return told(sign, at=after(seconds))


def a_race(fits: list[FitCompleted], killed_seconds: float = 0.0) -> Refereed:
    board = Leaderboard(**dict(a_refereed_board()))
    return Refereed(PLAN, fits, {CandidateId("dummy"): 1}, {(CandidateId("dummy"), 2): killed_seconds}, board)


def test_a_fit_that_was_ended_worked_until_its_candidate_was_retired() -> None:
    ended = killed([begun("dummy", 1, 2.0)], [told(a_candidate_retired("dummy"), at=after(5.5))])
    assert dict(ended) == {("dummy", 1): 3.5}


@pytest.mark.parametrize("outcome", [a_fit_completed("dummy", 1), a_fit_failed("dummy", 1)])
def test_a_fit_with_an_outcome_was_not_ended(outcome: FitCompleted) -> None:
    facts = [told(outcome), told(a_candidate_retired("dummy"), at=after(5.5))]
    assert dict(killed([begun("dummy", 1, 2.0)], facts)) == {}


def test_a_fit_that_is_begun_after_the_retirement_costs_nothing() -> None:
    ended = killed([begun("dummy", 1, 6.0)], [told(a_candidate_retired("dummy"), at=after(5.5))])
    assert dict(ended) == {("dummy", 1): 0.0}


def test_work_for_a_retired_candidate_is_done_ahead_and_not_owed() -> None:
    fits = [a_fit_completed(name, fold, cpu_seconds=2.0) for name in ("lightgbm", "dummy") for fold in (0, 1)]
    race = a_race(fits, killed_seconds=0.5)
    assert (race.owed_seconds, race.ahead_seconds({})) == (6.0, 2.5)


def test_a_fit_that_was_ended_took_no_longer_than_one_that_comes_to_its_end() -> None:
    assert a_race([], killed_seconds=9.0).ahead_seconds({(CandidateId("dummy"), 2): 4.0}) == 4.0
    assert a_race([], killed_seconds=3.0).ahead_seconds({(CandidateId("dummy"), 2): 4.0}) == 3.0


def test_the_winner_is_whom_the_standings_begin_with() -> None:
    assert a_race([]).winner == "lightgbm"
