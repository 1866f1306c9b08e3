"""Row scores from the predictions that workers stored."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from contracts.training import Plan
from infra.objects import ObjectMissing
from ml.answers import answers_in
from ml.referee.evidence import Numbers
from ml.row_scores import has_rows, row_scores
from services.evaluation.domain.outcome import Outcome
from services.evaluation.ports import FoldRows

if TYPE_CHECKING:
    import pyarrow as pa


class ObjectStore(Protocol):
    """What is needed of it."""

    def read(self, key: str) -> bytes:
        """Return an object's bytes."""


class StoredRows:
    """The port ``Rows`` over an object store."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def of(self, plan: Plan, fits: Sequence[Outcome]) -> FoldRows | None:
        """Return the row scores of the fits of one fold; None if the metric has none, or what was answered is gone.

        Raises:
            ObjectsUnavailable: if the store does not answer.
        """
        if not has_rows(plan.metric, plan.task):
            return None
        scores: dict[str, Numbers] = {}
        places, groups = None, None
        for fit in fits:
            table = self._table(fit)
            if table is None:
                return None
            found = row_scores(plan.metric, answers_in(table, plan.task))
            mine = table["row"].to_numpy()
            if found is None or (places is not None and not np.array_equal(mine, places)):
                return None
            places, scores[fit.candidate] = mine, found
            groups = table["group"].to_numpy() if plan.groups and "group" in table.column_names else None
        # Rows of a group must not count as if each were another witness.
        return FoldRows(scores, groups) if plan.groups is None or groups is not None else None

    def _table(self, fit: Outcome) -> "pa.Table | None":
        # Imported when the first fold is whole, as it takes more memory than the process before.
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        if fit.predictions is None:
            return None
        try:
            return pq.read_table(io.BytesIO(self._objects.read(fit.predictions))).sort_by("row")
        except (ObjectMissing, pa.ArrowException, KeyError):
            return None
