from contracts.ids import ExperimentId, TriggerId
from contracts.scheduler import TriggerSummary
from tests.builders import a_template
from ui.cli.triggers import last_of

FRESH = TriggerSummary(
    trigger_id=TriggerId("nightly"), dataset="penguins", template=a_template(), fired=0, last_experiment_id=None
)
FIRED = FRESH.model_copy(update={"fired": 1, "last_experiment_id": ExperimentId("exp-1")})


def test_the_last_experiment_of_a_trigger_is_told() -> None:
    assert last_of(FRESH) == ""
    assert last_of(FIRED) == "exp-1"


def test_an_experiment_that_did_not_start_is_told_by_its_cause() -> None:
    refused = FIRED.model_copy(update={"last_refusal": "There is no column 'species'."})
    assert last_of(refused) == "refused: There is no column 'species'."
