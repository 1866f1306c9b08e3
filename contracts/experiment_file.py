"""A whole experiment as one file: a zip that one platform writes, and another takes in."""

from typing import Literal

from contracts.ids import Digest, Key
from contracts.message import Value

MANIFEST = "manifest.json"
PLAN = "plan.json"
EVENTS = "events.jsonl"
"""Every fact about the experiment in the order of the stream, one in each line, with its envelope."""
DATA = "data.parquet"
"""The rows of the dataset version; in the object store under the plan's key."""
SCORES = "scores.csv"
SCORES_TABLE = "scores.parquet"
BOARD = "leaderboard.json"


class Manifest(Value):
    """What the file is, and what it holds."""

    format: Literal["trackside-experiment-1"] = "trackside-experiment-1"
    experiment_id: Key
    plan_digest: Digest
    sha256: dict[str, Digest]
    """Name of each other part to its SHA-256: those above, and out-of-fold predictions by the keys that facts name."""
