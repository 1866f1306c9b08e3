"""One experiment as the page remembers it."""

from datetime import timedelta
from typing import Any

from contracts.evaluation import LeaderboardUpdated, Standing
from contracts.ids import CandidateId
from contracts.message import Event
from contracts.training import CandidateRecorded, ExperimentStarted, FitStarted, ModelVersionRecorded, RefitFailed
from tests.builders import (
    a_fit_completed,
    a_fit_failed,
    a_model_version_created,
    an_experiment_cancelled,
    an_experiment_completed,
    an_experiment_started,
)
from tests.builders.messages import EXPERIMENT, NOON, a_candidate_retired
from tests.builders.refereed import a_refereed_board, a_refereed_race, a_refereed_start, refereed_fits, retirements
from ui.web.projections.race import Race
from ui.web.projections.rows import milliseconds


def a_race() -> Race:
    return Race(an_experiment_started())


def a_standing(candidate: str = "tree", **fields: Any) -> Standing:
    defaults: dict[str, Any] = {
        "candidate": candidate, "name": "Decision Tree", "place": 1, "mean": 0.8, "low": None, "high": None,
        "scores": (0.8, None), "fit_seconds": 0.5, "completed": 1, "failed": 0,
    }  # fmt: skip
    return Standing(**defaults | fields)


def standings(*rows: Standing, final: bool = False) -> LeaderboardUpdated:
    return LeaderboardUpdated(
        experiment_id=EXPERIMENT, metric="AUC", greater_is_better=True, standings=rows, fits_counted=1, final=final
    )


def a_sign(candidate: str = "tree", fold: int = 0, worker: str = "training-worker-1") -> FitStarted:
    return FitStarted(experiment_id=EXPERIMENT, candidate=CandidateId(candidate), fold=fold, worker=worker)


def states(race: Race) -> dict[str, str]:
    return {row["candidate"]: row["state"] for row in race.detail()["board"]}


def at(seconds: int) -> int:
    return milliseconds(NOON + timedelta(seconds=seconds))


def test_every_candidate_waits_before_the_first_fit() -> None:
    assert states(a_race()) == {"logistic": "waiting", "tree": "waiting", "dummy": "waiting"}


def test_a_fit_in_a_workers_hands_is_shown_until_it_has_its_outcome() -> None:
    race = a_race()
    race.apply(a_sign())
    assert states(race)["tree"] == "running"
    race.apply(a_fit_completed())
    assert states(race)["tree"] == "waiting"


def test_a_worker_has_one_fit_in_hand_at_a_time() -> None:
    race = a_race()
    race.apply(a_sign("tree"))
    race.apply(a_sign("dummy"))
    assert [candidate for candidate, state in states(race).items() if state == "running"] == ["dummy"]


def test_a_late_sign_of_a_scored_fit_changes_nothing() -> None:
    race = a_race()
    race.rank(standings(a_standing()), at(1))
    race.apply(a_sign("tree", fold=0))
    assert states(race)["tree"] == "partial"


def test_a_repeated_fit_counts_once() -> None:
    race = a_race()
    for _ in range(2):
        race.apply(a_fit_completed())
    assert race.summary()["done"] == 1
    assert sum("fold 1" in entry["text"] for entry in race.detail()["activity"]) == 1


def test_the_board_follows_the_standings_and_keeps_who_still_waits() -> None:
    race = a_race()
    race.rank(standings(a_standing()), at(1))
    board = race.detail()["board"]
    assert [row["candidate"] for row in board] == ["tree", "logistic", "dummy"]
    assert (board[0]["place"], board[0]["mean"], board[1]["place"]) == (1, 0.8, None)


def test_a_candidate_is_done_only_with_every_fold() -> None:
    race = a_race()
    race.rank(standings(a_standing(scores=(0.8, 0.9), completed=2)), at(1))
    assert states(race)["tree"] == "done"


def test_a_candidate_whose_fits_all_failed_has_failed_with_its_cause() -> None:
    race = a_race()
    race.apply(a_fit_failed())
    failed = a_standing(
        place=None, mean=None, scores=(None, None), completed=0, failed=1, problem="It did not converge."
    )
    race.rank(standings(failed), at(1))
    row = race.detail()["board"][0]
    assert (row["state"], row["problem"]) == ("failed", "It did not converge.")
    assert race.summary()["failed"] == 1


def test_a_leader_keeps_its_colour_when_it_falls_behind() -> None:
    race = a_race()
    race.rank(standings(a_standing("tree"), a_standing("dummy", place=2, mean=0.5)), at(1))
    before = {row["candidate"]: row["slot"] for row in race.detail()["board"]}
    race.rank(standings(a_standing("dummy", mean=0.9), a_standing("tree", place=2)), at(2))
    after = {row["candidate"]: row["slot"] for row in race.detail()["board"]}
    assert after["tree"] == before["tree"] != after["dummy"] == before["dummy"]


def test_the_best_so_far_moves_only_when_the_leader_does() -> None:
    race = a_race()
    race.rank(standings(a_standing()), at(1))
    race.rank(standings(a_standing(), a_standing("dummy", place=2, mean=0.5)), at(2))
    race.rank(standings(a_standing("dummy", mean=0.9), a_standing("tree", place=2)), at(3))
    best = race.detail()["best"]
    assert [(point["seconds"], point["candidate"], point["new"]) for point in best] == [
        (1.0, "tree", True),
        (3.0, "dummy", True),
    ]


def test_an_ended_race_has_nothing_running_and_stops_who_waited() -> None:
    race = a_race()
    race.apply(a_sign())
    race.apply(an_experiment_cancelled())
    assert race.summary()["status"] == "cancelled"
    assert set(states(race).values()) == {"stopped"}


def test_a_sign_after_the_end_starts_nothing() -> None:
    race = a_race()
    race.apply(an_experiment_cancelled())
    race.apply(a_sign())
    assert "running" not in states(race).values()


def test_what_came_of_a_race_is_told() -> None:
    race = a_race()
    race.apply(an_experiment_completed())
    race.apply(a_model_version_created())
    race.apply(CandidateRecorded(experiment_id=EXPERIMENT, candidate=CandidateId("tree"), run_id="run-1"))
    race.apply(
        ModelVersionRecorded(
            experiment_id=EXPERIMENT,
            model_version_id=a_model_version_created().model_version_id,
            run_id="run-2",
            registered_name="penguins",
            registered_version="1",
        )
    )
    detail = race.detail()
    assert (detail["status"], detail["model_version"], detail["runs"]) == ("completed", "model-1", {"tree": "run-1"})
    assert detail["registered"] == {"name": "penguins", "version": "1"}


def test_a_race_without_one_good_fit_has_failed() -> None:
    race = a_race()
    race.apply(a_fit_failed())
    race.apply(an_experiment_completed(fits_completed=0, fits_failed=6))
    detail = race.detail()
    assert detail["status"] == "failed"
    latest = detail["activity"][0]
    assert (latest["tone"], latest["text"]) == ("bad", "Race failed: not one of 6 fits succeeded")


def test_a_refit_that_failed_says_why() -> None:
    race = a_race()
    race.apply(
        RefitFailed(
            experiment_id=EXPERIMENT, candidate=CandidateId("tree"), reason="OutOfMemory", cause="No memory.", cure=""
        )
    )
    assert race.detail()["refit_problem"] == "No memory."


def heard(race: Race, *messages: Event) -> Race:
    for message in messages:
        if isinstance(message, LeaderboardUpdated):
            race.rank(message, at(100))
        else:
            race.apply(message)
    return race


def a_refereed_detail(through: int = 10) -> dict[str, Any]:
    start, *facts = a_refereed_race(through)
    assert isinstance(start, ExperimentStarted)
    return heard(Race(start), *facts).detail()


def test_the_progress_of_a_race_with_retired_candidates_reaches_its_end() -> None:
    race = heard(Race(a_refereed_start()), *refereed_fits())
    assert (race.summary()["done"], race.summary()["fits"]) == (66, 100)
    heard(race, a_refereed_board())
    assert (race.summary()["done"], race.summary()["fits"], race.summary()["saved"]) == (66, 66, 34)
    assert not race.look(60.0, at(3600)), "it owes no fit, so nobody is missing"


def test_a_fit_that_ran_ahead_of_a_retirement_is_not_counted() -> None:
    ahead = [a_fit_completed("dummy", 1), a_fit_failed("nb", 1)]
    race = heard(Race(a_refereed_start()), *refereed_fits(1), *ahead, a_refereed_board(1))
    assert (race.summary()["done"], race.summary()["failed"]) == (10, 0)


def test_a_retired_candidate_is_called_so_even_while_a_worker_has_a_fit_of_it_in_hand() -> None:
    race = heard(Race(a_refereed_start()), *refereed_fits(2), a_refereed_board(2))
    race.apply(a_sign("knn", fold=3))
    assert states(race)["knn"] == "retired"


def test_what_a_worker_had_in_hand_for_a_retired_candidate_is_forgotten() -> None:
    race = heard(Race(a_refereed_start()), *refereed_fits(1))
    race.apply(a_sign("knn", fold=1))
    assert states(race)["knn"] == "running"
    race.apply(a_candidate_retired("knn", folds=1))
    assert states(race)["knn"] != "running"


def test_only_those_who_race_on_have_a_colour_of_their_own() -> None:
    *still, _ = a_refereed_board(1).standings
    leader, *others = (each.model_copy(update={"retired": place}) for place, each in enumerate(still))
    race = Race(a_refereed_start())
    race.rank(a_refereed_board(1, standings=(leader.model_copy(update={"retired": None}), *others)), at(1))
    assert [row["slot"] for row in race.detail()["board"]][:3] == [0, None, None]


def test_a_verdict_is_told_in_few_words_with_its_sentence_and_its_numbers() -> None:
    row = next(row for row in a_refereed_detail()["board"] if row["candidate"] == "ada")
    assert (row["retired"], row["verdict"]) == (
        7,
        {
            "kind": "beaten",
            "said": retirements()[-1].verdict.said,
            "word": "beaten",
            "reason": "after 7 folds by Light Gradient Boosting Machine",
            "behind": "0.0213",
            "interval": "0.0153 … 0.0273",
            "shares": [0, 0, 100],
        },
    )


def test_what_the_referee_says_of_the_whole_race_is_told() -> None:
    assert a_refereed_detail()["referee"] == {
        "rule": "careful: the same for practice within 0.005 AUC",
        "saved": "34 of 100 fits need not be made, about 28 % of the processor time",
        "suggested": "gbc",
        "suggestion": "Gradient Boosting is suggested: it answers fastest among the 3 that are tied",
        "notes": ["Half of what Extra Trees is behind comes from 40 of 12,000 rows."],
    }


def test_a_platform_of_before_says_nothing_as_a_referee() -> None:
    detail = heard(a_race(), standings(a_standing())).detail()
    assert (detail["board"][0]["verdict"], detail["referee"]["rule"], detail["saved"]) == (None, "", 0)


def test_a_retirement_is_told_with_its_reason() -> None:
    race = heard(Race(a_refereed_start()), *retirements(1))
    said = race.detail()["activity"][1]["text"]
    assert said.startswith(
        "Most Frequent Class is retired. Beaten after 1 fold by Light Gradient Boosting Machine: 0.4334"
    )


def test_activity_tells_the_latest_first() -> None:
    race = a_race()
    race.apply(a_fit_completed(score=0.75))
    race.rank(standings(a_standing()), at(2))
    texts = [entry["text"] for entry in race.detail()["activity"]]
    assert texts == [
        "Decision Tree takes the first place at 0.8000",
        "Decision Tree, fold 1: 0.7500 in 0.5 s",
        "Race started: 3 candidates on 2 folds of penguins",
    ]
