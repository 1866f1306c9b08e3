"""What several examples share: the names and digests of one story."""

from collections.abc import Mapping
from typing import Any

Wire = Mapping[str, Any]
"""A message as JSON has it."""

DATASET = "penguins"
INGESTION = "ing-d39d3bac2630"
VERSION = "a32f6fbaa2c125ad1a5b7f2e2e19d5b755e06ac56f9329d2455a984183469256"
DATA_DIGEST = "dc013348cc04f09e647924db1d9b6272bec9db49caecd99a4b9b0f9f06f29e4a"
DATA = f"datasets/{DATA_DIGEST}.parquet"
PROFILE = "datasets/4a7d1ed414474e4033ac29ccb8653d9b8a0d2c7f6b1e9c35d7e84f0a92c61b58.json"
EXPERIMENT = "exp-673964b0647a5d84"
PLAN_DIGEST = "b78f694eeb2ee451fae1dc98a3d6502b094b54c0eb6429251db51842976e2932"
MODEL_VERSION = "mv-cc1ed653-5a6d-5139-a05e-947a8da64748"
DEPLOYMENT = "dep-fe13b48efb9c"
TRIGGER = "trg-f8091edb74fb"
SCHEDULE = "sch-2f0c9a77d1e4"

FEATURES: list[Wire] = [
    {"name": "island", "type": "string", "missing": 0, "distinct": 3},
    {"name": "bill_length_mm", "type": "float", "missing": 1, "distinct": 109},
    {"name": "bill_depth_mm", "type": "float", "missing": 1, "distinct": 70},
    {"name": "flipper_length_mm", "type": "float", "missing": 1, "distinct": 47},
    {"name": "body_mass_g", "type": "float", "missing": 1, "distinct": 74},
    {"name": "sex", "type": "string", "missing": 7, "distinct": 2},
    {"name": "year", "type": "integer", "missing": 0, "distinct": 3},
]
COLUMNS: list[Wire] = [
    {"name": "species", "type": "string", "missing": 0, "distinct": 2, "rarest": 47},
    *FEATURES,
]
TEMPLATE: Wire = {
    "target": "species",
    "folds": 3,
    "seed": 42,
    "engine": "sklearn",
    "candidates": ["logistic", "tree", "dummy"],
}
