"""What AutoGluon makes of the rows, in its quality ``medium``; run as a file by an environment that has AutoGluon.

``python ask_autogluon.py TRAIN.csv HOLDOUT.csv TARGET METRIC SECONDS CORES ANSWERS.json``: see ``tests.bench.peer``.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path

_METRICS = {"AUC": "roc_auc", "Accuracy": "accuracy"}


def main(train: str, holdout: str, target: str, metric: str, seconds: str, cores: str, answers: str) -> None:
    """Train for as long as it may, and answer for the holdout."""
    pandas, tabular = import_module("pandas"), import_module("autogluon.tabular")
    began = time.perf_counter()
    predictor = tabular.TabularPredictor(
        label=target, eval_metric=_METRICS[metric], path=str(Path(answers).with_suffix(".models")), verbosity=0
    )
    predictor.fit(
        pandas.read_csv(train), presets="medium_quality", time_limit=float(seconds), num_cpus=int(cores), num_gpus=0
    )
    took = time.perf_counter() - began
    shares = predictor.predict_proba(pandas.read_csv(holdout))
    told = {
        "seconds": took,
        "winner": predictor.model_best,
        "classes": [str(label) for label in shares.columns],
        "shares": shares.to_numpy().tolist(),
    }
    Path(answers).write_text(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
