"""What the page knows of everything."""

from contracts.ids import DeploymentId, ExperimentId, ModelVersionId
from contracts.ingest import RejectedRow
from contracts.message import Message
from contracts.serving import DeploymentReady, PredictionsLogged
from tests.builders import a_dataset_version, a_fit_completed, a_model_version_created, an_experiment_started
from tests.builders.bus import told
from tests.builders.messages import EXPERIMENT, NOON
from ui.web.projections.world import World


def a_world(*messages: Message) -> World:
    world = World()
    for sequence, message in enumerate(messages, start=1):
        world.apply(told(message, sequence, NOON))
    return world


def a_deployment() -> DeploymentReady:
    return DeploymentReady(
        deployment_id=DeploymentId("dep-1"), name="penguins", model_version_id=ModelVersionId("model-1"),
        experiment_id=EXPERIMENT, path="/deployments/penguins/predict", ready_at=NOON,
    )  # fmt: skip


def predictions(rows: int) -> PredictionsLogged:
    return PredictionsLogged(
        name="penguins", prediction_id="p", model_version_id=ModelVersionId("model-1"), rows=rows, seconds=0.1,
        caller="owner", answered_at=NOON,
    )  # fmt: skip


def test_a_dataset_is_shown_by_its_latest_version() -> None:
    world = a_world(a_dataset_version(), a_dataset_version(number=2, rows=80))
    (row,) = world.all_rows()["datasets"]
    assert (row["number"], row["rows"]) == (2, 80)


def test_a_dataset_tells_what_is_missing_and_what_was_left_out() -> None:
    rejected = (RejectedRow(line=3, problem="Expected 3 values, found 5."),)
    (row,) = a_world(a_dataset_version(listed=1, rejected=rejected)).all_rows()["datasets"]
    assert row["missing"] == 2 / (3 * 60)
    assert [column["missing"] for column in row["columns"]] == [0.0, 2 / 60, 0.0]
    assert row["rejected"] == [{"line": 3, "problem": "Expected 3 values, found 5."}]


def test_only_rows_that_changed_are_told_again() -> None:
    world = a_world(a_dataset_version(), an_experiment_started())
    world.take_changes()
    world.apply(told(a_fit_completed()))
    rows, races = world.take_changes()
    assert list(rows) == ["experiments"]
    assert (rows["experiments"][0]["done"], races) == (1, {EXPERIMENT})
    assert world.take_changes() == ({}, set())


def test_a_deployment_brings_what_its_form_needs() -> None:
    (row,) = a_world(an_experiment_started(), a_model_version_created(), a_deployment()).all_rows()["deployments"]
    assert (row["candidate"], row["target"]) == ("Decision Tree", "species")
    assert row["features"] == [{"name": "island", "type": "string"}, {"name": "bill_length", "type": "float"}]
    assert "Biscoe" in row["example"]


def test_answered_rows_are_counted_for_their_deployment() -> None:
    world = a_world(an_experiment_started(), a_deployment(), predictions(2), predictions(3))
    assert world.all_rows()["deployments"][0]["answered"] == 5


def test_a_fact_of_an_unknown_experiment_changes_nothing() -> None:
    world = a_world(a_fit_completed(experiment_id=ExperimentId("exp-9")))
    assert world.take_changes() == ({}, set())
