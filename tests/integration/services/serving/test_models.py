"""Artifacts as MLflow writes them, loaded without MLflow."""

import zipfile
from pathlib import Path
from typing import Any

import cloudpickle
import mlflow
import pytest

from contracts.errors import Refusal
from contracts.training import ModelVersionCreated
from infra.objects import Objects
from infra.objects.store import open_objects
from ml.metrics import Task
from services.serving.domain.errors import RowsUnanswered
from services.serving.domain.rows import checked
from services.serving.models import SklearnModel, StoredModels, frame_of
from tests.builders.artifacts import columns, pipeline, rows, save_artifact, store_artifact
from tests.builders.served import ROW, TYPES, a_served_version


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return open_objects(f"file://{tmp_path}/objects")


def refusal(objects: Objects, version: ModelVersionCreated) -> Refusal:
    with pytest.raises(Refusal) as refused:
        StoredModels(objects).load(version)
    return refused.value


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return path


@pytest.mark.parametrize(
    ("candidate", "task", "gives_probabilities"),
    [
        ("logistic", "classification", True),
        ("forest", "classification", True),
        ("ridge", "classification", False),
        ("forest", "regression", False),
    ],
)
def test_row_by_row_it_answers_as_mlflow_does(
    objects: Objects, tmp_path: Path, candidate: str, task: Task, gives_probabilities: object
) -> None:
    archive = save_artifact(pipeline(candidate, task), tmp_path)
    model = StoredModels(objects).load(store_artifact(objects, archive))
    asked = rows(60, seed=11)
    reference = mlflow.pyfunc.load_model(str(tmp_path / "model"))
    for row in asked:
        (answer,) = model.answer(checked([row], TYPES))
        expected = reference.predict(frame_of(columns([row]), TYPES))
        assert answer.prediction == expected[0]
        assert (answer.probabilities is not None) is gives_probabilities
    together = model.answer(checked(asked, TYPES))
    assert [answer.prediction for answer in together] == [
        model.answer(checked([row], TYPES))[0].prediction for row in asked
    ]


def test_probabilities_are_named_by_their_class(objects: Objects, tmp_path: Path) -> None:
    model = StoredModels(objects).load(store_artifact(objects, save_artifact(pipeline(), tmp_path)))
    (answer,) = model.answer(checked([dict(ROW)], TYPES))
    assert answer.probabilities is not None
    assert answer.probabilities.keys() == {"Adelie", "Gentoo"}
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert answer.probabilities[str(answer.prediction)] >= 0.5


def test_an_artifact_that_is_not_there_is_refused(objects: Objects) -> None:
    assert refusal(objects, a_served_version()).reason == "ArtifactMissing"


def test_a_changed_artifact_is_refused_before_it_is_run(objects: Objects, tmp_path: Path) -> None:
    version = store_artifact(objects, zipped(tmp_path / "evil.zip", MLmodel=MLMODEL, model_pkl=EVIL))
    refused = refusal(objects, version.model_copy(update={"artifact_digest": "4" * 64}))
    assert refused.reason == "ArtifactDamaged"
    assert not Touched.path.exists()


class Touched:
    """What an attacker's pickle would do."""

    path = Path("touched-by-a-pickle")

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


class Unloadable:
    """A pickle that raises what nobody expects."""

    def __reduce__(self) -> Any:
        return dict.pop, ({}, "missing")


MLMODEL = b"flavors: {sklearn: {pickled_model: model.pkl, serialization_format: cloudpickle}}"
EVIL = cloudpickle.dumps(Touched())


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"MLmodel": b"flavors: {}"},
        {"MLmodel": b"[broken"},
        {"MLmodel": MLMODEL},
        {"MLmodel": MLMODEL.replace(b"model.pkl", b"../../etc/passwd")},
        {"MLmodel": MLMODEL.replace(b"cloudpickle", b"skops"), "model_pkl": b""},
        {"MLmodel": MLMODEL, "model_pkl": b"no pickle"},
        {"MLmodel": MLMODEL, "model_pkl": cloudpickle.dumps(Unloadable())},
    ],
)
def test_what_is_no_such_model_is_refused(objects: Objects, tmp_path: Path, files: dict[str, bytes]) -> None:
    version = store_artifact(objects, zipped(tmp_path / "odd.zip", **files))
    assert refusal(objects, version).reason == "ArtifactUnusable"


def test_what_is_no_archive_is_refused(objects: Objects, tmp_path: Path) -> None:
    (tmp_path / "odd.zip").write_bytes(b"no archive")
    assert refusal(objects, store_artifact(objects, tmp_path / "odd.zip")).reason == "ArtifactUnusable"


class Failing:
    """A pipeline that gives no number."""

    def __init__(self, given: Any) -> None:
        self.given = given

    def predict(self, _frame: Any) -> list[Any]:
        return [self.given / 1]


@pytest.mark.parametrize("given", [float("nan"), float("inf"), "text"])
def test_a_prediction_that_is_no_number_is_not_given(given: Any) -> None:
    with pytest.raises(RowsUnanswered):
        SklearnModel(Failing(given), TYPES).answer(checked([dict(ROW)], TYPES))


def test_frames_hold_one_type_per_column() -> None:
    frame = frame_of(checked([dict(ROW), dict.fromkeys(TYPES)], TYPES), TYPES)
    assert [str(kind) for kind in frame.dtypes] == [
        "object", "float64", "float64", "object", "datetime64[ns]", "datetime64[ns]",
    ]  # fmt: skip
    assert frame.iloc[1].isna().all()
    assert frame.loc[0, "tagged"] is True
