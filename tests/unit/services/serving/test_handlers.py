from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import Refusal
from contracts.ids import DeploymentId, ExperimentId, ModelVersionId
from contracts.message import Message
from contracts.serving import DeploymentReady, DeploymentRefused, DeployModelVersion, ListDeployments
from contracts.training import ModelVersionCreated
from infra.state import State, Transaction
from services.serving import handlers
from services.serving.domain.errors import ArtifactDamaged, RowsUnanswered
from services.serving.endpoints import LiveEndpoints
from services.serving.ports import Model
from services.serving.store import METADATA, DeploymentStore, ModelVersionStore
from tests.builders.messages import NOON
from tests.builders.served import Echo, a_served_version


class Shelf:
    """Where models come from, or do not, as a test wants it."""

    def __init__(self) -> None:
        self.model: Model = Echo()
        self.refusal: Refusal | None = None

    def load(self, _version: ModelVersionCreated) -> Model:
        if self.refusal is not None:
            raise self.refusal
        return self.model


class Serving:
    """The service's handlers over one real state, as the bus calls them."""

    def __init__(self, transaction: Transaction) -> None:
        self.versions = ModelVersionStore(transaction)
        self.deployments = DeploymentStore(transaction)
        self.shelf = Shelf()
        self.endpoints = LiveEndpoints()

    def hear(self, **fields: Any) -> list[Message]:
        return handlers.on_model_version_created(a_served_version(**fields), self.versions)

    def deploy(self, model: str = "model-1", name: str = "penguins", deployment_id: str = "dep-1") -> list[Message]:
        return handlers.deploy_model_version(
            DeployModelVersion(deployment_id=deployment_id, name=name, model=model),
            self.versions,
            self.deployments,
            self.shelf,
            self.endpoints,
            lambda: NOON,
        )

    def refusal(self, **fields: Any) -> DeploymentRefused:
        (refused,) = self.deploy(**fields)
        assert isinstance(refused, DeploymentRefused)
        return refused

    def answering(self, name: str = "penguins") -> str:
        return self.endpoints.get(name).version.model_version_id


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    state = State(f"sqlite:///{tmp_path}/serving.db", METADATA)
    with state.transaction() as transaction:
        yield Serving(transaction)
    state.close()


READY = DeploymentReady(
    deployment_id=DeploymentId("dep-1"),
    name="penguins",
    model_version_id=ModelVersionId("model-1"),
    experiment_id=ExperimentId("exp-1"),
    path="/deployments/penguins/predict",
    ready_at=NOON,
)


@pytest.mark.parametrize("model", ["model-1", "exp-1"])
def test_a_model_version_is_deployed_by_its_own_id_or_its_experiments(serving: Serving, model: str) -> None:
    assert serving.hear() == []
    assert serving.deploy(model) == [READY]
    assert serving.answering() == "model-1"


def test_an_experiments_latest_model_version_is_taken(serving: Serving) -> None:
    serving.hear()
    serving.hear(model_version_id="model-2")
    serving.hear()
    serving.deploy("exp-1")
    assert serving.answering() == "model-2"


def test_a_model_version_that_two_experiments_made_is_deployed_by_either(serving: Serving) -> None:
    serving.hear()
    serving.hear(experiment_id="exp-2")
    assert serving.deploy("exp-1") == [READY]
    serving.deploy("exp-2")
    assert serving.answering() == "model-1"


def test_an_unknown_model_version_is_refused(serving: Serving) -> None:
    refused = serving.refusal(model="model-9")
    assert (refused.deployment_id, refused.name, refused.reason) == ("dep-1", "penguins", "ModelVersionUnknown")
    assert "model-9" in refused.cause
    assert "while it runs, once it is cancelled, or when all its fits failed, it has none" in refused.cure


def test_a_repeated_order_is_answered_alike_and_changes_nothing(serving: Serving) -> None:
    serving.hear()
    serving.hear(model_version_id="model-2")
    serving.deploy("model-1", deployment_id="dep-1")
    serving.deploy("model-2", deployment_id="dep-2")
    assert serving.deploy("model-1", deployment_id="dep-1") == [READY]
    assert serving.answering() == "model-2"


def test_what_answered_before_still_does_when_an_artifact_is_damaged(serving: Serving) -> None:
    serving.hear()
    serving.hear(model_version_id="model-2")
    serving.deploy("model-1")
    serving.shelf.refusal = ArtifactDamaged("artifacts/x.zip", "4" * 64, "5" * 64)
    assert serving.refusal(model="model-2", deployment_id="dep-2").reason == "ArtifactDamaged"
    assert serving.answering() == "model-1"
    assert [deployment.model_version_id for deployment in serving.deployments.current()] == ["model-1"]


def test_a_model_that_does_not_answer_its_own_example_is_refused(serving: Serving) -> None:
    serving.hear()
    serving.shelf.model = Echo(failure=RowsUnanswered("ValueError: boom"))
    refused = serving.refusal()
    assert refused.reason == "ExampleUnanswered"
    assert "boom" in refused.cause


@pytest.mark.parametrize("example", ["{}", "[]", "nonsense", '{"island": 3}', "3", '"x"'])
def test_an_example_that_is_no_row_of_the_model_is_refused(serving: Serving, example: str) -> None:
    serving.hear(example=example)
    assert serving.refusal().reason == "ExampleUnanswered"


def test_deployments_are_listed_by_name_with_what_answers_now(serving: Serving) -> None:
    serving.hear()
    serving.hear(model_version_id="model-2")
    serving.deploy("model-1", "penguins", "dep-1")
    serving.deploy("model-1", "birds", "dep-2")
    serving.deploy("model-2", "penguins", "dep-3")
    listed = handlers.list_deployments(ListDeployments(), serving.deployments, serving.versions).deployments
    assert [(one.name, one.model_version_id, one.candidate) for one in listed] == [
        ("birds", "model-1", "Decision Tree"),
        ("penguins", "model-2", "Decision Tree"),
    ]


def test_a_lost_state_is_rebuilt_from_what_was_said(serving: Serving) -> None:
    assert handlers.recall_deployment(READY, serving.deployments) == []
    assert handlers.recall_deployment(READY, serving.deployments) == []
    assert serving.deployments.current() == [READY]
