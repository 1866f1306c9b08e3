"""Evaluation's state, in a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.state import State
from services.evaluation.store import METADATA, BoardStore


@pytest.fixture
def boards(tmp_path: Path) -> Iterator[BoardStore]:
    state = State(f"sqlite:///{tmp_path}/evaluation.db", METADATA)
    with state.transaction() as transaction:
        yield BoardStore(transaction)
    state.close()
