"""A refitted candidate as an MLflow model folder in a zip: what is served, and what MLflow's own client loads."""

import logging
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import packages_distributions, version
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import cloudpickle
import mlflow.sklearn
import pandas as pd
import yaml
from mlflow.models import ModelSignature, infer_signature
from mlflow.types.schema import AnyType, ColSpec, DataType, Schema, TensorSpec

from contracts.ingest import LogicalType
from contracts.training import SCRIPTS, Plan, Task
from ml.engines import clusterer, detector, forecaster, intake, lags, pipeline, steps, timeline
from ml.engines.port import Fitted

# MLflow refuses a missing value in a column of longs, whole numbers (as pandas has them) in one of doubles, and moments
# with a time zone in one of datetimes. So these pass as anything, and the pipeline itself refuses what it cannot read.
_ANYTHING = AnyType()  # type: ignore[no-untyped-call]
_DECLARED: Mapping[LogicalType, DataType | AnyType] = MappingProxyType(
    {
        "integer": _ANYTHING,
        "float": DataType.double,
        "boolean": DataType.boolean,
        "string": DataType.string,
        "date": _ANYTHING,
        "timestamp": _ANYTHING,
    }
)
_BY_VALUE = (clusterer, detector, forecaster, intake, lags, pipeline, steps, timeline)
_NEEDS = ("cloudpickle", "numpy", "pandas", "scikit-learn", "scipy")
_PYCARET_NEEDS = ("category-encoders", "imbalanced-learn", "lightgbm", "pycaret")
_FURTHER_NEEDS: Mapping[Task, tuple[str, ...]] = MappingProxyType(
    {"anomaly_detection": ("pyod",), "time_series": ("pmdarima", "sktime", "statsmodels")}
)
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Artifact:
    """What is saved of a refitted candidate."""

    pipeline: Fitted
    plan: Plan
    example: pd.DataFrame
    """One row, as the dataset version has it."""
    scripts: Mapping[str, str] = field(default_factory=dict)
    """Text files that tell how it was scored, by name."""
    package: str | None = None
    """The package of a person's own class; None if the candidate is the engine's."""


def save(artifact: Artifact, archive: Path) -> None:
    """Write the model folder as a zip."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "model"
        with _self_contained(artifact.package), _without_warning():
            mlflow.sklearn.save_model(
                artifact.pipeline,
                str(folder),
                serialization_format=mlflow.sklearn.SERIALIZATION_FORMAT_CLOUDPICKLE,
                # Named, because MLflow would find them out by importing everything in a process of its own: 40 s.
                pip_requirements=_requirements(artifact.plan, artifact.package),
                signature=_signature(artifact),
                input_example=artifact.example,
            )
        _write_scripts(artifact.scripts, folder / SCRIPTS)
        _zip(folder, archive)


def load(archive: Path) -> Any:
    """Return the pipeline of an archive whose digest was checked: to unpickle is to run what it says."""
    with zipfile.ZipFile(archive) as zipped:
        flavor = yaml.safe_load(zipped.read("MLmodel"))["flavors"]["sklearn"]
        return cloudpickle.loads(zipped.read(flavor["pickled_model"]))


def _write_scripts(scripts: Mapping[str, str], folder: Path) -> None:
    for name, text in scripts.items():
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _requirements(plan: Plan, package: str | None) -> list[str]:
    needs = _NEEDS + ((*_PYCARET_NEEDS, *_FURTHER_NEEDS.get(plan.task, ())) if plan.engine == "pycaret" else ())
    needs += tuple(name for name in _distributions(package) if name not in needs)
    return [f"{name}=={version(name)}" for name in needs]


def _distributions(package: str | None) -> list[str]:
    """Return what a person's own class was installed with; nothing if its folder was only put on the path."""
    return sorted(set(packages_distributions().get(package, ()))) if package else []


def _signature(artifact: Artifact) -> ModelSignature:
    columns: list[ColSpec | TensorSpec] = [
        ColSpec(_DECLARED[feature.type], feature.name, required=False) for feature in artifact.plan.features
    ]
    answer = infer_signature(model_input=None, model_output=artifact.pipeline.predict(artifact.example))
    return ModelSignature(inputs=Schema(columns), outputs=answer.outputs)


@contextmanager
def _self_contained(package: str | None) -> Iterator[None]:
    """Pickle classes that no library brings by value, this program's and the person's: who loads needs libraries only.

    The whole package of the person's class, as it may use its neighbours.
    """
    by_value: tuple[ModuleType, ...] = _BY_VALUE
    if package and not _distributions(package):
        by_value = (*by_value, sys.modules[package])
    for module in by_value:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in by_value:
            cloudpickle.unregister_pickle_by_value(module)


@contextmanager
def _without_warning() -> Iterator[None]:
    """Silence MLflow on the dangers of pickle: the artifact's digest is checked before it is loaded."""
    logger = logging.getLogger("mlflow.sklearn")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _zip(folder: Path, archive: Path) -> None:
    """Write the folder's files in order and without times, so that equal folders give equal bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, zipped.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(1 << 20):
                    target.write(piece)
