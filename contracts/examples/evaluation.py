"""Examples of what evaluation says."""

from contracts.evaluation import (
    CandidateRetired,
    CandidatesCompared,
    CompareCandidates,
    GetLeaderboard,
    Leaderboard,
    LeaderboardUpdated,
)
from contracts.examples.story import EXPERIMENT, Wire
from contracts.message import Value

_BOARD: Wire = {
    "experiment_id": EXPERIMENT,
    "metric": "AUC",
    "greater_is_better": True,
    "standings": [
        {
            "candidate": "logistic",
            "name": "Logistic Regression",
            "place": 1,
            "mean": 1.0,
            "low": 1.0,
            "high": 1.0,
            "scores": [1.0, 1.0, 1.0],
            "fit_seconds": 0.0964,
            "completed": 3,
            "failed": 0,
        },
        {
            "candidate": "tree",
            "name": "Decision Tree",
            "place": 2,
            "mean": 0.9829820261437908,
            "low": 0.9345696080186713,
            "high": 1.0313944442689102,
            "scores": [0.96875, 0.9901960784313725, 0.99],
            "fit_seconds": 0.1126,
            "completed": 3,
            "failed": 0,
        },
        {
            "candidate": "dummy",
            "name": "Most Frequent Class",
            "place": 3,
            "mean": 0.5,
            "low": 0.5,
            "high": 0.5,
            "scores": [0.5, 0.5, 0.5],
            "fit_seconds": 0.0917,
            "completed": 3,
            "failed": 0,
        },
    ],
    "fits_counted": 9,
    "final": True,
}

_RETIRED: Wire = {
    "experiment_id": EXPERIMENT,
    "candidate": "dummy",
    "folds": 2,
    "fits_saved": 1,
    "verdict": {
        "kind": "beaten",
        "said": "Beaten by Logistic Regression after 2 folds: 0.5 behind, with 95 % confidence at least 0.4.",
        "against": "logistic",
        "compared_on": 2,
        "behind": 0.5,
        "low": 0.4,
        "high": 0.6,
        "better": 0.0,
        "same": 0.0,
        "worse": 1.0,
    },
}

_COMPARED: Wire = {
    "metric": "AUC",
    "greater_is_better": True,
    "tests": ["correlated_t", "corrected_t"],
    "said": "All were scored on the same folds, which share training rows: the correlated t-test says how likely it is "
    "that one is better by more than the margin, the corrected t-test gives the p-value.",
    "caveat": None,
    "datasets": 1,
    "margin": 0.005,
    "pairs": [
        {
            "first": "logistic",
            "second": "tree",
            "folds": 3,
            "difference": 0.017,
            "low": -0.0314,
            "high": 0.0654,
            "statistic": 1.51,
            "p_value": 0.27,
            "corrected": None,
            "better": 0.8,
            "same": 0.1,
            "worse": 0.1,
        }
    ],
}

EVALUATION: dict[type[Value], Wire] = {
    LeaderboardUpdated: _BOARD,
    CandidateRetired: _RETIRED,
    GetLeaderboard: {"experiment_id": EXPERIMENT},
    Leaderboard: {**_BOARD, "folds": 3},
    CompareCandidates: {"experiment_id": EXPERIMENT, "candidates": ["logistic", "tree"]},
    CandidatesCompared: _COMPARED,
}
