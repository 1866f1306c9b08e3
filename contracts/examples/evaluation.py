"""Examples of what evaluation says."""

from contracts.evaluation import GetLeaderboard, Leaderboard, LeaderboardUpdated
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

EVALUATION: dict[type[Value], Wire] = {
    LeaderboardUpdated: _BOARD,
    GetLeaderboard: {"experiment_id": EXPERIMENT},
    Leaderboard: {**_BOARD, "folds": 3},
}
