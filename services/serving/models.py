"""Model versions out of the object store: checked, then unpickled, then asked."""

import json
import math
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pandas as pd
import yaml

from contracts.ingest import LogicalType
from contracts.training import ModelVersionCreated
from infra.objects import ObjectDamaged, ObjectMissing, Objects
from services.serving.domain.errors import ArtifactDamaged, ArtifactMissing, ArtifactUnusable, RowsUnanswered
from services.serving.domain.rows import Columns
from services.serving.ports import Answer

_PICKLED = frozenset({"cloudpickle", "pickle"})
_LARGEST = 2_000_000_000
"""Bytes of one file of an artifact, unpacked."""

_DTYPES: Mapping[LogicalType, str] = {
    "integer": "float64",
    "float": "float64",
    "boolean": "object",
    "string": "object",
}


class StoredModels:
    """Loads artifacts: zipped MLflow model folders of the sklearn flavor.

    MLflow itself is not needed for that, nor does anything of the archive touch the disk under a name of its own.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def load(self, version: ModelVersionCreated) -> "SklearnModel":
        """Return the model, its artifact's digest checked before anything in it is run.

        Raises:
            ArtifactMissing, ArtifactDamaged, ArtifactUnusable: if it cannot be.
        """
        with tempfile.TemporaryDirectory(prefix="trackside-model-") as folder:
            path = Path(folder) / "artifact.zip"
            try:
                self._objects.fetch(version.artifact, version.artifact_digest, path)
            except ObjectMissing:
                raise ArtifactMissing(version.artifact) from None
            except ObjectDamaged as error:
                raise ArtifactDamaged(version.artifact, error.expected, error.found) from None
            try:
                return SklearnModel(_unpickled(path), {column.name: column.type for column in version.features})
            except Exception as error:
                raise ArtifactUnusable(version.artifact, f"{type(error).__name__}: {error}") from error


class SklearnModel:
    """A fitted pipeline in the manner of scikit-learn, with its columns and their types."""

    def __init__(self, pipeline: Any, types: Mapping[str, LogicalType]) -> None:
        self._pipeline = pipeline
        self._types = types
        gives = getattr(pipeline, "gives_probabilities", hasattr(pipeline, "predict_proba"))
        self._classes = [_label(label) for label in pipeline.classes_] if gives else None

    def answer(self, columns: Columns) -> Sequence[Answer]:
        """Return one answer per row.

        Raises:
            RowsUnanswered: if the pipeline fails on them.
        """
        try:
            frame = frame_of(columns, self._types)
            predictions = np.asarray(self._pipeline.predict(frame)).ravel().tolist()
            probabilities = self._pipeline.predict_proba(frame).tolist() if self._classes is not None else None
            measures = self._measured(frame)
        except Exception as error:
            raise RowsUnanswered(f"{type(error).__name__}: {error}") from error
        rows = zip(predictions, _by_class(self._classes, probabilities, len(frame)), measures, strict=True)
        answers = [Answer(*row) for row in rows]
        if not all(_is_finite(answer) for answer in answers):
            raise RowsUnanswered("a prediction is not a finite number")
        return answers

    def _measured(self, frame: pd.DataFrame) -> Sequence[Mapping[str, float]]:
        # Of before there were such, or of somebody else: it has none.
        measures = self._pipeline.measures(frame) if hasattr(self._pipeline, "measures") else {}
        named = {name: np.asarray(values).tolist() for name, values in measures.items()}
        return [{name: values[row] for name, values in named.items()} for row in range(len(frame))]


def _by_class(
    classes: Sequence[str] | None, probabilities: Sequence[Sequence[float]] | None, rows: int
) -> Sequence[Mapping[str, float] | None]:
    if classes is None or probabilities is None:
        return [None] * rows
    return [dict(zip(classes, given, strict=True)) for given in probabilities]


def _is_finite(answer: Answer) -> bool:
    numbers = (answer.prediction, *answer.measures.values())
    return all(math.isfinite(number) for number in numbers if isinstance(number, float))


def frame_of(columns: Columns, types: Mapping[str, LogicalType]) -> pd.DataFrame:
    """Return checked rows as a model takes them: numbers as floats, moments in UTC, all else as objects."""
    return pd.DataFrame({name: _series(columns[name], kind) for name, kind in types.items()})


def _series(values: list[Any], kind: LogicalType) -> pd.Series:
    if kind in {"date", "timestamp"}:
        # MLflow takes moments without a zone only; engines read those as UTC.
        return pd.to_datetime(pd.Series(values, dtype=object), utc=True, format="ISO8601").dt.tz_localize(None)
    return pd.Series(values, dtype=_DTYPES[kind])


def _label(label: Any) -> str:
    plain = label.item() if isinstance(label, np.generic) else label
    return plain if isinstance(plain, str) else json.dumps(plain)


def _unpickled(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        flavor = yaml.safe_load(_content(archive, "MLmodel"))["flavors"]["sklearn"]
        if flavor.get("serialization_format") not in _PICKLED:
            raise ValueError(f"its model is not pickled but in the format {flavor.get('serialization_format')}")
        return cloudpickle.loads(_content(archive, flavor["pickled_model"]))


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST:
        raise ValueError(f"its file {name} is larger than {_LARGEST} bytes")
    return archive.read(name)
