"""From a dataset version's Parquet file to the problem that an engine takes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.training import Plan
from ml.engines.port import Problem


class RowsDiffer(ValueError):
    """The file does not have the rows that the plan was made for."""

    def __init__(self, found: int, planned: int) -> None:
        super().__init__(f"the plan was made for {planned} rows with a target, but the file has {found}")


@dataclass(frozen=True)
class Given:
    """A problem, and where its rows stand in the dataset version."""

    problem: Problem
    places: npt.NDArray[np.int64]


def given(plan: Plan, data: Path) -> Given:
    """Read the rows whose target is known.

    Raises:
        RowsDiffer: if they are not as many as the plan says.
    """
    names = [feature.name for feature in plan.features]
    table = pq.read_table(data, columns=[*names, *(name for name in (plan.target, plan.groups) if name)])
    known = _known(table[plan.target]) if plan.target else pa.array(np.ones(len(table), dtype=bool))
    places = np.flatnonzero(known.to_numpy(zero_copy_only=False))
    if len(places) != plan.rows:
        raise RowsDiffer(len(places), plan.rows)
    table = table.filter(known)
    problem = Problem(
        task=plan.task,
        features=table.select(names).to_pandas(),
        types={feature.name: feature.type for feature in plan.features},
        # A copy, because Arrow lends its memory for reading only, and some estimators write to their target.
        target=table[plan.target].to_pandas().to_numpy(copy=True) if plan.target else np.zeros(len(table)),
        seed=plan.seed,
        groups=pd.factorize(table[plan.groups].to_pandas())[0] if plan.groups else None,
        **_further(plan),
    )
    return Given(problem, places)


def _further(plan: Plan) -> dict[str, Any]:
    """Return what only some tasks are asked."""
    asked = {"clusters": plan.clusters, "anomalies": plan.anomalies, "forecast": plan.forecast}
    return {name: value for name, value in asked.items() if value is not None}


def _known(target: pa.ChunkedArray) -> Any:
    return pc.invert(pc.is_null(target, nan_is_null=True)).combine_chunks()
