from services.training.recorder.domain import candidate_opening
from tests.builders.messages import CANDIDATES, a_plan, an_experiment_started


def test_a_run_says_by_what_its_rows_stay_together() -> None:
    started = an_experiment_started(plan=a_plan(groups="patient"))
    assert candidate_opening(started, CANDIDATES[0], None).parameters["groups"] == "patient"
    assert "groups" not in candidate_opening(an_experiment_started(), CANDIDATES[0], None).parameters
