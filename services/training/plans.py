"""Plans in the object store, beside the rows that they are about."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from contracts.training import Plan
from infra.objects import ObjectMissing
from infra.objects.reading import ObjectFile, Parts
from services.training.domain.leaks import ROWS_LOOKED_AT

if TYPE_CHECKING:
    import pyarrow as pa

_BUFFER = 1 << 18
"""Bytes read at once of a column, so that the first rows of a large file do not cost all of it."""


class ObjectStore(Parts, Protocol):
    """What is needed of it."""

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        """Store bytes under ``key`` if it is free; return whether it was."""


class StoredPlans:
    """The port ``Plans`` over an object store."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        """Store bytes under ``key`` if it is free; return whether it was."""
        return self._objects.create(key, chunks)

    def leaks(self, plan: Plan) -> Mapping[str, str]:
        """Return each feature that tells the target by itself, and how; none if the rows are not there or damaged.

        Such an experiment starts, and each of its fits says what is the matter.

        Raises:
            ObjectsUnavailable: if the store does not answer.
        """
        if not plan.target:
            return {}
        # Imported when an experiment starts, since they take three times the memory of the process before.
        import pyarrow as pa  # noqa: PLC0415

        from ml.leaks import leaks_of  # noqa: PLC0415

        try:
            rows = self._first_rows(plan)
        except (ObjectMissing, pa.ArrowException, OSError, ValueError, KeyError, StopIteration):
            return {}  # all that pyarrow raises on damaged bytes
        return leaks_of(rows, plan.target, plan.task)

    def _first_rows(self, plan: Plan) -> "pa.Table":
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        time = plan.forecast.time if plan.forecast else ""
        names = [*(feature.name for feature in plan.features if feature.name != time), plan.target]
        file = pq.ParquetFile(ObjectFile(self._objects, plan.data), buffer_size=_BUFFER, pre_buffer=False)
        first = next(file.iter_batches(ROWS_LOOKED_AT, columns=names, use_threads=False))
        return pa.Table.from_batches([first]).select(names)
