"""Which rows a detector takes for unusual, how its scores are spread, and in what the most unusual rows stand out."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ml.columns import ordered, said
from ml.report.evidence import Evidence, folds_of
from ml.scoring import Numbers

_BINS = 40
_MOST_UNUSUAL = 50


def anomaly_tables(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return the scores of the rows, each given by a fold's detector that did not see it.

    Detectors of different folds may score on different scales, so rows are ranked by ``place``: the share of the fold's
    rows that score lower.

    Returns:
        ``anomaly_scores``: ``low`` and ``high`` of bins of equal width, and how many rows of each are
        ``normal`` and ``anomaly``.
        ``anomaly_folds``: ``fold``, ``rows``, ``flagged`` (share of anomalies), ``q50``, ``q90``, ``q99`` and ``most``
        of the scores; scales that differ show here.
        ``unusual_rows``: ``row``, ``fold``, ``score``, ``place``, ``prediction`` of at most 50 rows, the most unusual
        first.
        ``unusual_values``: of the same rows ``row``, ``feature``, ``value``, and ``rarity``: the share of all rows
        whose value is at least as far from the median on its side, or at most as frequent if it is a category. Rarest
        first.
    """
    table = evidence.predictions.assign(fold=folds_of(evidence.predictions))
    table["place"] = table.groupby("fold")["score"].rank(method="min").sub(1) / table.groupby("fold")[
        "score"
    ].transform("size")
    worst = table.sort_values(["place", "score"], ascending=False, kind="stable").head(_MOST_UNUSUAL)
    return {
        "anomaly_scores": _histogram(table),
        "anomaly_folds": _folds(table),
        "unusual_rows": worst[["row", "fold", "score", "place", "prediction"]].reset_index(drop=True),
        "unusual_values": _values(evidence.features, worst["row"].unique()),
    }


def _histogram(table: pd.DataFrame) -> pd.DataFrame:
    edges = np.histogram_bin_edges(table["score"], _BINS)
    counts = {
        name: np.histogram(table.loc[table["prediction"] == name, "score"], edges)[0] for name in ("normal", "anomaly")
    }
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], **counts})


def _folds(table: pd.DataFrame) -> pd.DataFrame:
    folds = table.groupby("fold")
    score = folds["score"]
    flagged = folds["prediction"].apply(lambda part: (part == "anomaly").mean())
    spread = {f"q{level}": score.quantile(level / 100) for level in (50, 90, 99)}
    return pd.DataFrame({"rows": score.size(), "flagged": flagged, **spread, "most": score.max()}).reset_index()


def _values(features: pd.DataFrame, rows: Numbers) -> pd.DataFrame:
    rarities = {feature: _rarity(features[feature]) for feature in features}
    lines = [line for row in rows for line in _of_row(features, rarities, row)]
    return pd.DataFrame(lines, columns=["row", "feature", "value", "rarity"])


def _of_row(features: pd.DataFrame, rarities: dict[str, pd.Series], row: Any) -> Iterator[tuple[Any, ...]]:
    lines = [(row, name, said(features.at[row, name]), float(rarity.at[row])) for name, rarity in rarities.items()]
    yield from sorted(lines, key=lambda line: line[3])


def _rarity(values: pd.Series) -> pd.Series:
    numbers = ordered(values)
    if numbers is None:
        words = values.map(said)
        counts = words.value_counts()
        return words.map({word: counts[counts <= count].sum() for word, count in counts.items()}) / len(values)
    known = int(numbers.notna().sum())
    above, below = (numbers.rank(method="max", ascending=ascending) for ascending in (False, True))
    far = np.minimum(above, below) / max(known, 1)
    return far.where(numbers.notna(), numbers.isna().mean())
