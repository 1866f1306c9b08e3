from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.state import State, Transaction
from services.training.store import METADATA


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(f"sqlite:///{tmp_path}/training.db", METADATA)
    yield state
    state.close()


@pytest.fixture
def transaction(state: State) -> Iterator[Transaction]:
    with state.transaction() as transaction:
        yield transaction
