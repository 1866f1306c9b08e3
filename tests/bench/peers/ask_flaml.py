"""What FLAML makes of the rows; run as a file by an environment that has FLAML.

``python ask_flaml.py TRAIN.csv HOLDOUT.csv TARGET METRIC SECONDS CORES ANSWERS.json``: see ``tests.bench.peer``.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path

_METRICS = {"AUC": "roc_auc", "Accuracy": "accuracy"}


def main(train: str, holdout: str, target: str, metric: str, seconds: str, cores: str, answers: str) -> None:
    """Search for as long as it may, and answer for the holdout."""
    pandas, flaml = import_module("pandas"), import_module("flaml")
    rows = pandas.read_csv(train)
    began = time.perf_counter()
    search = flaml.AutoML()
    search.fit(
        rows.drop(columns=[target]),
        rows[target],
        task="classification",
        metric=_METRICS[metric],
        time_budget=float(seconds),
        n_jobs=int(cores),
        seed=42,
        verbose=0,
    )
    took = time.perf_counter() - began
    shares = search.predict_proba(pandas.read_csv(holdout)).tolist()
    told = {
        "seconds": took,
        "winner": search.best_estimator,
        "classes": [str(label) for label in search.classes_],
        "shares": shares,
    }
    Path(answers).write_text(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
