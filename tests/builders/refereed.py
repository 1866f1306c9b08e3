"""A race as the referee sees it: ten candidates on ten folds of flights, five of them retired early."""

from datetime import timedelta
from typing import Any

from contracts.evaluation import CandidateRetired, LeaderboardUpdated, Standing, Verdict
from contracts.ids import CandidateId
from contracts.message import Event
from contracts.training import Candidate, ExperimentStarted, FitCompleted
from tests.builders.messages import EXPERIMENT, NOON, a_fit_completed, a_plan, an_experiment_started

FOLDS = 10
MARGIN = 0.005
ENTRANTS = (
    # id, name, mean, how its story ends, after how many folds
    ("lightgbm", "Light Gradient Boosting Machine", 0.9334, "tied", None),
    ("catboost", "CatBoost", 0.9330, "tied", None),
    ("gbc", "Gradient Boosting", 0.9312, "tied", None),
    ("rf", "Random Forest", 0.9290, "open", None),
    ("et", "Extra Trees", 0.9251, "beaten", None),
    ("ada", "AdaBoost", 0.9121, "beaten", 7),
    ("lr", "Logistic Regression", 0.9288, "no_better", 5),
    ("knn", "k-Nearest Neighbours", 0.8630, "beaten", 2),
    ("nb", "Naive Bayes", 0.8354, "beaten", 1),
    ("dummy", "Most Frequent Class", 0.5, "beaten", 1),
)  # fmt: skip
COSTS = {
    # id: milliseconds to answer one row, megabytes
    "lightgbm": (8.4, 1.21), "catboost": (3.9, 4.6), "gbc": (2.14, 0.39), "rf": (36.7, 84.0), "et": (38.2, 121.0),
    "ada": (21.5, 0.31), "lr": (1.62, 0.0142), "knn": (9.3, 6.5), "nb": (1.58, 0.0153), "dummy": (1.31, 0.0098),
}  # fmt: skip
PLAN = a_plan(
    dataset="flights",
    rows=12_000,
    target="delayed",
    engine="pycaret",
    candidates=tuple(Candidate(id=CandidateId(key), name=name) for key, name, *_ in ENTRANTS),
    folds=FOLDS,
    rule="careful",
    margin=MARGIN,
)
"""Ten candidates over ten folds, ranked by AUC, with the rule ``careful``."""


def a_verdict(kind: str = "beaten", **fields: Any) -> Verdict:
    """Return what is said of a candidate that was compared with ``lightgbm`` on three folds, 0.0123 behind it."""
    defaults: dict[str, Any] = {
        "kind": kind, "said": "Beaten by Light Gradient Boosting Machine.", "against": "lightgbm", "compared_on": 3,
        "behind": 0.0123, "low": 0.01, "high": 0.0146, "better": 0.0, "same": 0.031, "worse": 0.969,
    }  # fmt: skip
    return Verdict(**defaults | fields)


def a_refereed_start(**fields: Any) -> ExperimentStarted:
    """Return the start of the race."""
    return an_experiment_started(plan=PLAN, **fields)


def refereed_fits(through: int = FOLDS) -> list[FitCompleted]:
    """Return the fits of the first ``through`` folds, fold by fold, without those that retiring saves."""
    return [
        a_fit_completed(key, fold, _score(mean, fold, index), completed_at=NOON + timedelta(seconds=10 * fold + index))
        for fold in range(through)
        for index, (key, _, mean, _, retired) in enumerate(ENTRANTS)
        if fold < (retired or FOLDS)
    ]


def retirements(through: int = FOLDS) -> list[CandidateRetired]:
    """Return who is retired in the first ``through`` folds, the first one first."""
    retired = [(folds, key, mean, kind) for key, _, mean, kind, folds in ENTRANTS if folds and folds <= through]
    return [
        CandidateRetired(
            experiment_id=EXPERIMENT, candidate=CandidateId(key), folds=folds, fits_saved=FOLDS - folds,
            verdict=_verdict(mean, kind, folds),
        )
        for folds, key, mean, kind in sorted(retired)
    ]  # fmt: skip


def a_refereed_board(through: int = FOLDS, **fields: Any) -> LeaderboardUpdated:
    """Return the standings after ``through`` folds; final after the last one."""
    standings = tuple(_standing(index, through) for index in range(len(ENTRANTS)))
    saved = sum(FOLDS - each.retired for each in standings if each.retired is not None)
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT, "metric": "AUC", "greater_is_better": True, "standings": standings,
        "fits_counted": sum(each.completed for each in standings), "final": through == FOLDS, "rule": "careful",
        "margin": MARGIN, "fits_saved": saved, "cpu_saved": 0.278 if saved else None,
        "suggested": "gbc" if through == FOLDS else None,
        "notes": ("Half of what Extra Trees is behind comes from 40 of 12,000 rows.",),
    }  # fmt: skip
    return LeaderboardUpdated(**defaults | fields)


def a_refereed_race(through: int = FOLDS, **fields: Any) -> list[Event]:
    """Return what is said until ``through`` folds are raced, in order; ``fields`` are those of the start."""
    return [
        a_refereed_start(**fields), *refereed_fits(through), *retirements(through), a_refereed_board(through),
    ]  # fmt: skip


def _standing(index: int, through: int) -> Standing:
    key, name, mean, kind, retired = ENTRANTS[index]
    folds = min(through, retired or FOLDS)
    scores = tuple(_score(mean, fold, index) if fold < folds else None for fold in range(FOLDS))
    ended = retired is not None and retired <= through
    answer, megabytes = COSTS[key]
    return Standing(
        candidate=CandidateId(key), name=name, place=1 if kind == "tied" and through == FOLDS else index + 1,
        mean=sum(filter(None, scores)) / folds, scores=scores,
        low=mean - 0.008 if folds >= 3 else None, high=mean + 0.008 if folds >= 3 else None,
        fit_seconds=0.5 * folds * (len(ENTRANTS) - index), completed=folds, failed=0,
        retired=retired if ended else None, pipeline_bytes=round(megabytes * 1e6),
        answer_seconds=answer / 1000, slowest_seconds=answer / 500,
        verdict=_verdict(mean, kind if ended or through == FOLDS else "open", folds, leads=not index),
    )  # fmt: skip


def _verdict(mean: float, kind: str, folds: int, *, leads: bool = False) -> Verdict:
    behind = ENTRANTS[0][2] - mean
    apart = f"{behind:.4f} behind, 95 % interval of the gap {behind - 0.006:.4f} to {behind + 0.006:.4f}"
    first, when = ENTRANTS[0][1], "1 fold" if folds == 1 else f"{folds} folds"
    said = {
        "tied": f"Tied with {first} after {when}: {apart}; about 12,000 more rows would tell.",
        "open": f"Cannot be told apart from {first} yet after {when}: {apart}; about 12,000 more rows would tell.",
        "beaten": f"Beaten after {when} by {first}: {apart}.",
        "no_better": f"At most 0.005 better than {first} after {when}: {apart}.",
    }[kind]
    if leads:
        nothing = dict.fromkeys(("against", "behind", "low", "high", "better", "same", "worse"))
        best = "Best mean: 2 others are tied with it, and 1 other is at most 0.005 better."
        return a_verdict(kind, said=best if kind == "tied" else "Leads so far.", **nothing)
    worse = min(1.0, behind / 0.012)
    return a_verdict(
        kind, said=said, compared_on=folds, behind=behind, low=behind - 0.006, high=behind + 0.006, worse=worse,
        same=(1 - worse) * 0.8, better=(1 - worse) * 0.2, rows_to_tell=24_312 if kind in {"tied", "open"} else None,
    )  # fmt: skip


def _score(mean: float, fold: int, index: int) -> float:
    """Return a score that goes up and down with its fold, as those of all candidates do."""
    return mean + 0.004 * ((3 * fold) % 7 - 3) / 3 + 0.0007 * ((fold + index) % 3 - 1)
