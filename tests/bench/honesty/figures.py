"""What replays come to, by name; shares are from 0 to 1."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Any

from tests.bench.honesty.recording import RACES
from tests.bench.honesty.replaying import ORDERS, Replay, replayed
from tests.bench.honesty.shares import Share, share_of

SUMMARY = Path(__file__).with_name("summary.json")
"""What the recorded races came to when they were last replayed."""


def measure() -> dict[str, float]:
    """Return the figures of the races that are recorded here; where there are none, those of the summary."""
    replays = replayed(RACES, ORDERS)
    found: dict[str, float] = ratios(replays) if replays else json.loads(SUMMARY.read_text())["ratios"]
    return {f"honesty_{name}": value for name, value in found.items()}


def ratios(replays: Sequence[Replay]) -> dict[str, float]:
    """Return the figures that matter; the intervals are for other races, ``_of_datasets`` for other datasets."""
    real, equal = of_equals(replays, is_so=False), of_equals(replays, is_so=True)
    found: dict[str, float] = {
        "races": len(set(values(real, "race"))),
        "races_of_equals": len(set(values(equal, "race"))),
        "datasets": len(set(values(replays, "dataset"))),
        "replays": sum(replay.rule == "careful" for replay in real),
        "replays_of_equals": sum(replay.rule == "careful" for replay in equal),
    }
    for rule, mine in by(real, "rule"):
        found |= _with_interval(f"{rule}_wrongly_retired", mine, "is_wrong")
        found |= _with_interval(f"{rule}_best_misjudged", mine, "is_misjudged")
        found |= _with_interval(f"{rule}_best_lost_by_margin", mine, "is_wrong_by_more")
        found[f"{rule}_winner_worse_than_after_all_folds"] = round(share(mine, "is_worse").share, 4)
        found[f"{rule}_cpu"], found[f"{rule}_fits"] = (round(fmean(values(mine, name)), 4) for name in ("cpu", "fits"))
    for rule, mine in by(equal, "rule"):
        found |= _with_interval(f"{rule}_sole_winner_of_equals", mine, "is_sole")
    return found


def parts(replays: Sequence[Replay]) -> dict[str, dict[str, dict[str, float]]]:
    """Return by rule and metric, and by rule and rows, how often the best was retired, and what was spent."""
    real = of_equals(replays, is_so=False)
    tables: Mapping[str, tuple[str, Callable[[Sequence[Replay]], float]]] = {
        "wrongly_retired_by_metric": ("metric", lambda some: share(some, "is_wrong").share),
        "wrongly_retired_by_rows": ("rows", lambda some: share(some, "is_wrong").share),
        "cpu_by_rows": ("rows", lambda some: fmean(values(some, "cpu"))),
        "cpu_median_by_rows": ("rows", lambda some: median(values(some, "cpu"))),
    }
    return {
        table: {
            str(rule): {str(kind): round(figure(some), 4) for kind, some in by(mine, key)}
            for rule, mine in by(real, "rule")
        }
        for table, (key, figure) in tables.items()
    }


def summarized(replays: Sequence[Replay]) -> None:
    """Write the summary."""
    SUMMARY.write_text(json.dumps({"ratios": ratios(replays), **parts(replays)}, indent=1) + "\n")


def of_equals(replays: Sequence[Replay], *, is_so: bool) -> list[Replay]:
    """Return the replays of races in which nobody is truly better, or those of the others."""
    return [replay for replay in replays if replay.twins == is_so]


def by(replays: Sequence[Replay], name: str) -> Iterator[tuple[object, list[Replay]]]:
    """Return the replays of each kind: in the order of numbers, or else in that of the first of each."""
    kinds = list(dict.fromkeys(values(replays, name)))
    ordered = sorted(kinds) if all(isinstance(kind, int) for kind in kinds) else kinds
    return ((kind, [replay for replay in replays if getattr(replay, name) == kind]) for kind in ordered)


def share(replays: Sequence[Replay], name: str, cluster: str = "race") -> Share:
    """Return how often something was so, with an interval for other races than these, or other datasets."""
    return share_of(values(replays, name), values(replays, cluster))


def values(replays: Sequence[Replay], name: str) -> list[Any]:
    """Return one field of each."""
    return [getattr(replay, name) for replay in replays]


def _with_interval(name: str, replays: Sequence[Replay], what: str) -> dict[str, float]:
    races, datasets = share(replays, what), share(replays, what, "dataset")
    return {
        name: round(races.share, 4),
        f"{name}_low": round(races.low, 4),
        f"{name}_high": round(races.high, 4),
        f"{name}_high_of_datasets": round(datasets.high, 4),
    }
