"""The one axis of the leaderboard, which every row shares."""

from typing import Any

from ui.web.figures.scale import padded


def board_axis(rows: list[dict[str, Any]]) -> list[float]:
    """Return the range of scores that the rows show; a candidate far off is drawn at its edge.

    >>> board_axis([{"scores": [0.5, None], "mean": 0.5, "low": None, "high": 0.9}])
    [0.476, 0.924]
    """
    shown = [value for row in rows for value in (*row["scores"], row["mean"], row["low"], row["high"])]
    return list(padded([value for value in shown if value is not None], share=0.06))
