"""The part of a script that scores predictions, as ``ml.scoring`` does."""

from collections.abc import Mapping
from types import MappingProxyType

_CLASSES = "CLASSES, target = np.unique(target, return_inverse=True)  # positions in the sorted classes\n"

_SCORES_OF_CLASSES = '''
def scores_of(fitted, rows, truth):
    """Return every metric of the rows kept out; of more than two classes, Recall, Precision and F1 are weighted."""
    predicted = np.asarray(fitted.predict(rows))
    average = "binary" if len(CLASSES) == 2 else "weighted"
    how = {"labels": range(len(CLASSES)), "average": average, "zero_division": 0}
    return {
        "Accuracy": metrics.accuracy_score(truth, predicted),
        "AUC": auc(fitted, rows, truth),
        "Recall": metrics.recall_score(truth, predicted, **how),
        "Precision": metrics.precision_score(truth, predicted, **how),
        "F1": metrics.f1_score(truth, predicted, **how),
        "Kappa": metrics.cohen_kappa_score(truth, predicted),
        "MCC": metrics.matthews_corrcoef(truth, predicted),
    }


def auc(fitted, rows, truth):
    """Return the area under the ROC curve: of the second of two classes, else of each against the rest, weighted."""
    probabilities = fitted.predict_proba(rows) if hasattr(fitted, "predict_proba") else None
    decision = fitted.decision_function(rows) if hasattr(fitted, "decision_function") else None
    if probabilities is None and decision is None:
        return None
    if len(CLASSES) == 2:
        return auc_of_one(truth == 1, decision if decision is not None else probabilities[:, 1])
    ranking = probabilities if probabilities is not None else decision
    present = [number for number in range(len(CLASSES)) if np.any(truth == number)]
    each = [auc_of_one(truth == number, ranking[:, number]) for number in present]
    if None in each:
        return None
    return np.average(each, weights=[np.sum(truth == number) for number in present])


def auc_of_one(positive, ranking):
    """Return the area for one class; None where it is not defined."""
    if positive.all() or not positive.any() or not np.isfinite(ranking).all():
        return None
    return metrics.roc_auc_score(positive, ranking)
'''

_SCORES_OF_NUMBERS = '''
def scores_of(fitted, rows, truth):
    """Return every metric of the rows kept out."""
    predicted = np.asarray(fitted.predict(rows))
    known = truth != 0  # MAPE leaves the others out
    misses = np.abs(predicted[known] - truth[known]) / np.abs(truth[known])
    return {
        "MAE": metrics.mean_absolute_error(truth, predicted),
        "MSE": metrics.mean_squared_error(truth, predicted),
        "RMSE": metrics.root_mean_squared_error(truth, predicted),
        "R2": metrics.r2_score(truth, predicted) if len(truth) > 1 else None,
        "RMSLE": np.sqrt(metrics.mean_squared_log_error(np.abs(truth), np.abs(predicted))),
        "MAPE": np.average(misses) if known.any() else None,
    }
'''

TARGET: Mapping[str, str] = MappingProxyType({"classification": _CLASSES, "regression": ""})
"""By task, what becomes of the target."""

SCORES: Mapping[str, str] = MappingProxyType({"classification": _SCORES_OF_CLASSES, "regression": _SCORES_OF_NUMBERS})
"""By task, what scores the rows kept out."""

COMPARING = '''
def scores_of_the_race():
    """Return what the candidate scored in the race: metric to score, by fold."""
    found = {}
    with (HERE / "scores.csv").open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if line["candidate"] == CANDIDATE:
                score = float(line["score"]) if line["score"] else None
                found.setdefault(int(line["fold"]), {})[line["metric"]] = score
    return found


def same(found, raced):
    """Return whether two scores are the same to 1e-9; a metric may be undefined for a candidate or a fold."""
    if found is None or raced is None:
        return found is raced
    return math.isclose(found, raced, rel_tol=1e-9, abs_tol=1e-9)


def shown(score):
    """Return a score as it is printed."""
    return "undefined" if score is None else f"{score:.12g}"

'''
"""What reads and compares the scores of the race."""

VERDICT = """
compared = differing = 0
race = scores_of_the_race()
print(f"{'fold':<6}{'metric':<12}{'race':>20}{'here':>20}")
for fold, (train, test) in enumerate(splits):
    if fold not in race:
        print(f"{fold:<6}the race has no score of this fold")
        continue
    for metric, score in fold_scores(train, test).items():
        here = float(score) if score is not None and math.isfinite(score) else None
        agrees = same(here, race[fold][metric])
        compared, differing = compared + 1, differing + (not agrees)
        print(f"{fold:<6}{metric:<12}{shown(race[fold][metric]):>20}{shown(here):>20}{'' if agrees else '  DIFFERS'}")
print(f"{compared} scores compared, {differing} differ by more than 1e-9")
sys.exit(1 if differing or not compared else 0)
"""
"""What trains and scores fold by fold, and says whether the scores are those of the race."""
