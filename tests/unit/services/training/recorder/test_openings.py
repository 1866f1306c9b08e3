from services.training.recorder.domain import candidate_opening
from tests.builders.messages import CANDIDATES, a_plan, an_experiment_started


def test_a_run_says_by_which_rule_candidates_were_retired() -> None:
    plan = a_plan(rule="strict", margin=0.01)
    parameters = candidate_opening(an_experiment_started(plan=plan), CANDIDATES[0], None).parameters
    assert (parameters["rule"], parameters["margin"]) == ("strict", "0.01")
    assert "rule" not in candidate_opening(an_experiment_started(), CANDIDATES[0], None).parameters


def test_a_run_says_by_what_its_rows_stay_together() -> None:
    started = an_experiment_started(plan=a_plan(groups="patient"))
    assert candidate_opening(started, CANDIDATES[0], None).parameters["groups"] == "patient"
    assert "groups" not in candidate_opening(an_experiment_started(), CANDIDATES[0], None).parameters
