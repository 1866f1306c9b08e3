from datetime import timedelta
from typing import Any

from contracts.evaluation import LeaderboardUpdated, Standing
from contracts.ids import CandidateId
from contracts.message import Message
from contracts.training import FitStarted, RefitFailed
from tests.builders import (
    a_fit_completed,
    a_fit_failed,
    a_model_version_created,
    an_experiment_cancelled,
    an_experiment_completed,
    an_experiment_started,
)
from tests.builders.bus import told
from tests.builders.messages import EXPERIMENT, NOON, a_candidate_retired
from tests.builders.refereed import a_refereed_board, a_refereed_start, refereed_fits
from ui.cli.race import Race


def race_of(*messages: Message) -> Race:
    """Return a race that heard one message a second."""
    race = Race()
    for second, message in enumerate(messages):
        race.hear(told(message, at=NOON + timedelta(seconds=second)))
    return race


def a_standing(candidate: str = "tree", place: int | None = 1, **fields: Any) -> Standing:
    defaults: dict[str, Any] = {
        "candidate": candidate,
        "name": candidate.title(),
        "place": place,
        "mean": 0.8123,
        "low": 0.75,
        "high": 0.87,
        "scores": (0.8, None),
        "fit_seconds": 1.5,
        "completed": 1,
        "failed": 0,
    }
    return Standing(**defaults | fields)


def a_board(*standings: Standing, final: bool = False, cancelled: bool = False) -> LeaderboardUpdated:
    return LeaderboardUpdated(
        experiment_id=EXPERIMENT,
        metric="AUC",
        greater_is_better=True,
        standings=standings or (a_standing(), a_standing("dummy", 2)),
        fits_counted=1,
        final=final,
        cancelled=cancelled,
    )


def a_fit_started(worker: str = "training-worker-1", candidate: str = "tree", fold: int = 0) -> FitStarted:
    return FitStarted(experiment_id=EXPERIMENT, candidate=CandidateId(candidate), fold=fold, worker=worker)


def test_a_repeated_fit_counts_once() -> None:
    race = race_of(an_experiment_started(), a_fit_completed(), a_fit_completed(), a_fit_failed("dummy"))
    assert (race.done, race.failed) == (2, 1)


def test_a_race_owes_no_fits_of_those_who_are_retired_and_so_reaches_its_end() -> None:
    race = race_of(a_refereed_start(), *refereed_fits())
    assert (race.done, race.fits) == (66, 100)
    race.hear(told(a_refereed_board()))
    assert (race.done, race.fits, race.seconds_left()) == (66, 66, 0)


def test_a_fit_that_ran_ahead_of_a_retirement_is_not_counted() -> None:
    ahead = [a_fit_completed("dummy", 1), a_fit_failed("nb", 1)]
    race = race_of(a_refereed_start(), *refereed_fits(1), *ahead)
    assert (race.done, race.failed) == (12, 1)
    race.hear(told(a_refereed_board(1)))
    assert (race.done, race.failed, race.fits) == (10, 0, 82)


def test_a_worker_has_a_fit_in_hand_until_its_outcome() -> None:
    race = race_of(an_experiment_started(), a_fit_started(), a_fit_started("training-worker-2", "dummy", 1))
    assert set(race.in_hand) == {"training-worker-1", "training-worker-2"}
    race.hear(told(a_fit_completed("tree", 0)))
    assert set(race.in_hand) == {"training-worker-2"}


def test_what_a_worker_had_in_hand_for_a_retired_candidate_is_forgotten() -> None:
    race = race_of(an_experiment_started(), a_fit_started(), a_fit_started("training-worker-2", "dummy", 1))
    race.hear(told(a_candidate_retired("dummy", 2)))
    assert set(race.in_hand) == {"training-worker-1", "training-worker-2"}
    race.hear(told(a_candidate_retired("dummy", 1)))
    assert set(race.in_hand) == {"training-worker-1"}


def test_time_left_follows_from_the_pace_so_far() -> None:
    race = Race()
    race.hear(told(an_experiment_started(), at=NOON))
    assert race.seconds_left() is None
    race.hear(told(a_fit_completed("tree", 0), at=NOON + timedelta(seconds=10)))
    race.hear(told(a_fit_completed("tree", 1), at=NOON + timedelta(seconds=12)))
    assert race.seconds_left() == 6 * 4


def test_a_fit_that_was_made_long_ago_does_not_turn_the_pace_around() -> None:
    race = Race()
    race.hear(told(an_experiment_started(), at=NOON + timedelta(hours=1)))
    race.hear(told(a_fit_completed(completed_at=NOON), at=NOON + timedelta(hours=1, seconds=3)))
    assert race.seconds_left() == 3 * 5


def test_a_race_is_over_when_the_board_is_final_and_the_winner_refitted() -> None:
    race = race_of(an_experiment_started(), an_experiment_completed())
    assert not race.over
    race.hear(told(a_board(final=True)))
    assert not race.over
    race.hear(told(a_model_version_created()))
    assert race.over


def test_a_failed_refit_ends_the_wait() -> None:
    failed = RefitFailed(
        experiment_id=EXPERIMENT, candidate=CandidateId("tree"), reason="Broken", cause="It broke.", cure="Mend it."
    )
    assert race_of(an_experiment_started(), an_experiment_completed(), a_board(final=True), failed).over


def test_nobody_waits_for_a_winner_when_no_fit_succeeded() -> None:
    nothing = an_experiment_completed(fits_completed=0, fits_failed=6)
    assert race_of(an_experiment_started(), nothing, a_board(final=True)).over


def test_a_cancelled_race_is_over_once_its_last_standings_are_stated() -> None:
    cancelled = [an_experiment_started(), a_board(), an_experiment_cancelled()]
    assert not race_of(*cancelled).over
    assert race_of(*cancelled, a_board(final=True, cancelled=True)).over


def test_the_leader_is_who_has_the_first_place() -> None:
    assert race_of(an_experiment_started()).leader is None
    leader = race_of(an_experiment_started(), a_board()).leader
    assert leader is not None
    assert leader.candidate == "tree"


def test_a_race_that_owes_fits_is_interrupted_while_no_worker_gives_a_sign() -> None:
    race = race_of(an_experiment_started(fits=2), a_fit_completed())
    assert [looked_at(race, silent_for) for silent_for in (12.0, 0.5)] == [True, False]
    race.hear(told(an_experiment_cancelled()))
    assert not looked_at(race, 12.0)


def test_a_race_that_has_not_begun_is_not_interrupted() -> None:
    assert not looked_at(Race(), 12.0)


def looked_at(race: Race, silent_for: float) -> bool:
    race.look(silent_for, NOON + timedelta(hours=1))
    return race.interrupted
