"""Model versions as serving hears of them, and models that say what a test wants."""

import json
from collections.abc import Mapping
from typing import Any

from contracts.ids import ModelVersionId
from contracts.ingest import Column, LogicalType
from contracts.training import ModelVersionCreated
from services.serving.ports import Answer
from tests.builders.messages import a_model_version_created

TYPES: Mapping[str, LogicalType] = {
    "island": "string",
    "bill length": "float",
    "flipper": "integer",
    "tagged": "boolean",
    "seen": "date",
    "weighed": "timestamp",
}
FEATURES = tuple(Column(name=name, type=kind, missing=1, distinct=9) for name, kind in TYPES.items())
ROW: Mapping[str, Any] = {
    "island": "Biscoe",
    "bill length": 41.5,
    "flipper": 190,
    "tagged": True,
    "seen": "2026-03-01",
    "weighed": "2026-03-01T09:30:00",
}


def a_served_version(**fields: Any) -> ModelVersionCreated:
    """Return a model version with features of six types."""
    defaults: dict[str, Any] = {
        "model_version_id": ModelVersionId("model-1"),
        "features": FEATURES,
        "example": json.dumps(dict(ROW)),
    }
    return a_model_version_created(**defaults | fields)


class Echo:
    """A model that answers each row with a fixed label, or with what the test wants to go wrong."""

    def __init__(self, label: str = "Adelie", failure: Exception | None = None) -> None:
        self.label = label
        self.failure = failure

    def answer(self, columns: Mapping[str, list[Any]]) -> list[Answer]:
        """Return the label, once per row."""
        if self.failure is not None:
            raise self.failure
        return [Answer(self.label, {self.label: 1.0}) for _ in next(iter(columns.values()))]
