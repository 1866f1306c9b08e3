"""An intake over a folder, and a way to put a file before it."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from infra.objects import Objects
from infra.objects.store import open_objects
from infra.state import State
from services.ingest.domain.table import Table
from services.ingest.intake import ObjectIntake
from services.ingest.store import METADATA


class Desk:
    """Where a test hands in files."""

    def __init__(self, folder: Path) -> None:
        self.objects: Objects = open_objects(f"file://{folder}/objects")
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self.intake = ObjectIntake(self.objects, memory="500MB", threads=2, scratch=self.scratch)
        self._folder = folder
        self._numbers = count()

    def upload(self, data: bytes, filename: str = "table.csv") -> str:
        """Put bytes under ``uploads/`` and return their key."""
        key = f"uploads/{next(self._numbers)}/{filename}"
        assert self.objects.create(key, [data])
        return key

    def take(self, data: bytes | str, filename: str = "table.csv") -> Table:
        """Read a file; what is scratch must be gone afterwards."""
        key = self.upload(data.encode() if isinstance(data, str) else data, filename)
        try:
            return self.intake.take(key, filename)
        finally:
            assert list(self.scratch.iterdir()) == []

    def rows(self, table: Table) -> dict[str, list[Any]]:
        """Return what was kept, column by column."""
        path = self._folder / "kept.parquet"
        self.objects.fetch(table.data, table.data_digest, path)
        columns: dict[str, list[Any]] = pq.read_table(path).to_pydict()
        return columns


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(f"sqlite:///{tmp_path}/ingest.db", METADATA)
    yield state
    state.close()
