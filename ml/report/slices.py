"""In which parts of the rows a model errs more: the values of each feature, or bins of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from ml.columns import ordered, said
from ml.comparisons.holm import holm
from ml.report.bins import equal_counts
from ml.report.evidence import Evidence
from ml.report.intervals import FEWEST_ROWS, of_mean, wilson
from ml.scoring import Numbers

Kind = Literal["category", "range", "missing", "other"]
_BINS = 5
_MOST_CATEGORIES = 10


@dataclass(frozen=True)
class Slice:
    """Some of the rows, by the value of one feature."""

    feature: str
    name: str
    kind: Kind
    """One category, a range of numbers or moments, the rows without a value, or all the rarer categories together."""
    inside: npt.NDArray[np.bool_]


def slices_of(features: pd.DataFrame) -> Iterator[Slice]:
    """Yield the slices of each feature: its 10 most frequent categories, or 5 bins of about equally many rows.

    >>> [part.name for part in slices_of(pd.DataFrame({"age": [1, 2, 3, 4, 5, 6], "sex": list("ffmfm") + [None]}))]
    ['1 to 2', '3', '4', '5', '6', 'f', 'm', '(missing)']
    """
    for feature in features:
        values = features[feature].reset_index(drop=True)
        numbers = ordered(values)
        yield from _categories(feature, values) if numbers is None else _ranges(feature, values, numbers)
        missing = (values if numbers is None else numbers).isna().to_numpy()
        if missing.any():
            yield Slice(feature, said(None), "missing", missing)


def error_rates(evidence: Evidence) -> pd.DataFrame:
    """Return ``slices`` of a classification: how often each is predicted wrongly.

    Returns:
        ``feature``, ``slice``, ``kind``, ``rows``, ``small`` (fewer than 30), ``error_rate``, ``low`` and ``high``
        (Wilson's interval), ``share_of_rows``, ``share_of_errors``, and ``p_value``: how likely so unusual a slice is
        if it were drawn by lot, after Holm's correction for as many slices; missing for small ones, and too small where
        rows are alike because they belong together. Worst first.
    """
    table, wrong = _sliced(evidence, (evidence.predictions["truth"] != evidence.predictions["prediction"]).to_numpy())
    low, high = wilson(table["total"], table["rows"])
    table = table.rename(columns={"mean": "error_rate", "share": "share_of_errors"}).assign(low=low, high=high)
    order = ["error_rate", "low", "high", "share_of_rows", "share_of_errors", "p_value"]
    table = table[["feature", "slice", "kind", "rows", "small", *order]]
    table.attrs["error_rate"] = float(wrong.mean())
    return table.sort_values("error_rate", ascending=False, kind="stable", ignore_index=True)


def error_sizes(evidence: Evidence) -> pd.DataFrame:
    """Return ``slices`` of numbers: how far off predictions are in each.

    Returns:
        ``feature``, ``slice``, ``kind``, ``rows``, ``small`` (fewer than 30), ``mean_absolute_error`` with ``low`` and
        ``high`` (of its mean over rows), ``root_mean_squared_error``, ``bias`` (mean of truth less prediction),
        ``share_of_rows``, ``share_of_absolute_error``, ``share_of_squared_error``, and ``p_value`` of the mean absolute
        error as in ``error_rates``. Worst first.
    """
    residual = (evidence.predictions["truth"] - evidence.predictions["prediction"]).to_numpy(dtype=float)
    absolute, _ = _sliced(evidence, np.abs(residual))
    squared, _ = _sliced(evidence, np.square(residual))
    plain, _ = _sliced(evidence, residual)
    ends = [of_mean(*line) for line in absolute[["mean", "deviation", "rows"]].itertuples(index=False)]
    table = absolute.rename(columns={"mean": "mean_absolute_error", "share": "share_of_absolute_error"}).assign(
        low=[low for low, _ in ends],
        high=[high for _, high in ends],
        root_mean_squared_error=np.sqrt(squared["mean"]),
        bias=plain["mean"],
        share_of_squared_error=squared["share"],
    )
    order = ["mean_absolute_error", "low", "high", "root_mean_squared_error", "bias", "share_of_rows"]
    order += ["share_of_absolute_error", "share_of_squared_error", "p_value"]
    table = table[["feature", "slice", "kind", "rows", "small", *order]]
    return table.sort_values("mean_absolute_error", ascending=False, kind="stable", ignore_index=True)


def _sliced(evidence: Evidence, losses: Numbers) -> tuple[pd.DataFrame, Numbers]:
    losses = losses.astype(float)
    parts = list(slices_of(evidence.features.loc[evidence.predictions["row"]]))
    columns = ["feature", "slice", "kind", "rows", "mean", "deviation", "total"]
    lines = [(part.feature, part.name, part.kind, *_summary(losses[part.inside])) for part in parts]
    table = pd.DataFrame(lines, columns=columns)
    total = losses.sum()
    table = table.assign(
        small=table["rows"] < FEWEST_ROWS,
        share_of_rows=table["rows"] / max(len(losses), 1),
        share=table["total"] / total if total else np.nan,
    )
    return table.assign(p_value=_p_values(table, losses)), losses


def _summary(losses: Numbers) -> tuple[int, float, float, float]:
    deviation = float(losses.std(ddof=1)) if len(losses) > 1 else np.nan
    return len(losses), float(losses.mean()), deviation, float(losses.sum())


def _p_values(table: pd.DataFrame, losses: Numbers) -> Numbers:
    """Return Holm's p-values against the slice being drawn by lot, whose mean has a variance that is known exactly."""
    drawn = table["rows"].to_numpy(dtype=float)
    every = len(losses)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = losses.var() / drawn * (every - drawn) / (every - 1)
        distance = np.abs(table["mean"].to_numpy() - losses.mean()) / np.sqrt(variance)
    # A slice of all rows, or of losses that are all alike, is no more unusual than any.
    p_values = np.where(variance > 0, 2 * ndtr(-np.nan_to_num(distance)), 1.0)
    tested = (drawn >= FEWEST_ROWS) & (drawn < every)
    p_values[tested] = holm(p_values[tested])
    p_values[drawn < FEWEST_ROWS] = np.nan
    return p_values


def _categories(feature: str, values: pd.Series) -> Iterator[Slice]:
    counts = values.value_counts()
    for value in counts.index[:_MOST_CATEGORIES]:
        yield Slice(feature, said(value), "category", (values == value).to_numpy(dtype=bool))
    rarer = values.isin(counts.index[_MOST_CATEGORIES:]).to_numpy()
    if rarer.any():
        yield Slice(feature, "(other)", "other", rarer)


def _ranges(feature: str, values: pd.Series, numbers: pd.Series) -> Iterator[Slice]:
    known = numbers.notna().to_numpy()
    codes = np.full(len(values), -1)
    codes[known] = equal_counts(numbers[known].to_numpy(), _BINS)
    for code in range(codes.max(initial=-1) + 1):
        inside = codes == code
        least, most = (said(values[numbers[inside].agg(end)]) for end in ("idxmin", "idxmax"))
        yield Slice(feature, least if least == most else f"{least} to {most}", "range", inside)
