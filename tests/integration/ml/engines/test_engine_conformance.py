"""What every engine must do; one suite over all of them."""

import pickle
from dataclasses import replace
from io import StringIO
from typing import Any

import cloudpickle
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sklearn import metrics

from ml.engines import candidates
from ml.engines.intake import FeatureUnreadable, NothingToLearnFrom
from ml.engines.pipeline import FittedPipeline
from ml.engines.port import CandidateFailed, CandidateUnknown, Engine, FitOutcome, Problem
from ml.metrics import CLASSIFICATION, REGRESSION, Task
from ml.splits import FoldsExceedRows
from tests.builders.problems import TYPES, a_classification, a_regression, some_rows

PLAIN = {"sklearn": "logistic", "pycaret": "lr"}
TREES = {"sklearn": "forest", "pycaret": "rf"}
RIDGE = {"sklearn": "ridge", "pycaret": "ridge"}


def fit(engine: Engine, problem: Problem, candidate: str, fold: int = 0) -> FitOutcome:
    session = engine.prepare(problem)
    split = session.folds(4)[fold]
    return session.fit(candidate, split.train, split.test)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_candidate_on_offer_fits_and_has_every_metric(an_engine: Engine, engine_name: str, task: Task) -> None:
    problem = a_classification() if task == "classification" else a_regression()
    session = an_engine.prepare(problem)
    split = session.folds(4)[0]
    for candidate, _name in candidates(engine_name, task):
        outcome = session.fit(candidate, split.train, split.test)
        assert tuple(outcome.scores) == (CLASSIFICATION if task == "classification" else REGRESSION)
        assert list(outcome.predictions["row"]) == list(split.test)
        assert outcome.fit_seconds > 0


@pytest.mark.parametrize("kind", [PLAIN, TREES])
def test_the_same_problem_gives_the_same_predictions(an_engine: Engine, engine_name: str, kind: dict[str, str]) -> None:
    first, second = (fit(an_engine, a_classification(), kind[engine_name]) for _ in range(2))
    assert first.scores == second.scores
    assert_frame_equal(first.predictions, second.predictions, check_exact=True)


def test_the_order_of_the_candidates_changes_nothing(an_engine: Engine, engine_name: str) -> None:
    alone = fit(an_engine, a_classification(), TREES[engine_name], fold=1)
    session = an_engine.prepare(a_classification())
    for split in session.folds(4):
        session.fit(PLAIN[engine_name], split.train, split.test)
    split = session.folds(4)[1]
    assert session.fit(TREES[engine_name], split.train, split.test).scores == alone.scores


@pytest.mark.parametrize("kind", [PLAIN, TREES])
def test_rows_kept_out_teach_nothing(an_engine: Engine, engine_name: str, kind: dict[str, str]) -> None:
    problem = a_classification()
    session = an_engine.prepare(problem)
    split = session.folds(4)[0]
    honest = session.fit(kind[engine_name], split.train, split.test).predictions
    spoilt, rest = split.test[::2], split.test[1::2]
    features, target = problem.features.copy(), problem.target.copy()
    for name in ("length", "visits", "weight [kg], dry"):
        features.loc[spoilt, name] = features.loc[spoilt, name] * 1000 + 1
    for name in ("island", "sex", "ticket"):
        features.loc[spoilt, name] = features.loc[spoilt[::-1], name].to_numpy()
    target[spoilt] = target[spoilt][::-1]
    changed = an_engine.prepare(replace(problem, features=features, target=target))
    found = changed.fit(kind[engine_name], split.train, split.test).predictions
    kept = honest["row"].isin(rest)
    assert_frame_equal(found[kept], honest[kept], check_exact=True)
    assert not found[~kept].equals(honest[~kept])


def test_a_category_that_training_never_saw_is_predicted_all_the_same(an_engine: Engine, engine_name: str) -> None:
    problem = a_classification()
    session = an_engine.prepare(problem)
    split = session.folds(4)[0]
    features = problem.features.copy()
    features.loc[split.test, "island"] = "Elsewhere"
    outcome = an_engine.prepare(replace(problem, features=features)).fit(PLAIN[engine_name], split.train, split.test)
    assert outcome.predictions["prediction"].notna().all()


@pytest.mark.parametrize(
    "labels",
    [("no", "yes"), (3, 7), (False, True), (0.5, 1.5), ("b", "a", "c"), (10, 2, 30)],
    ids=["strings", "integers", "booleans", "floats", "three-strings", "three-integers"],
)
def test_classes_keep_their_own_labels(an_engine: Engine, engine_name: str, labels: tuple[Any, ...]) -> None:
    session = an_engine.prepare(a_classification(labels))
    assert session.classes == tuple(sorted(labels))
    assert {type(label) for label in session.classes} == {type(labels[0])}
    split = session.folds(4)[0]
    predictions = session.fit(TREES[engine_name], split.train, split.test).predictions
    assert set(predictions["prediction"]) <= set(labels)
    assert set(predictions["truth"]) == set(labels)
    assert set(session.refit(PLAIN[engine_name]).predict(some_rows(10))) <= set(labels)


@pytest.mark.parametrize("kind", [PLAIN, TREES, RIDGE])
@pytest.mark.parametrize("labels", [("no", "yes"), ("a", "b", "c")], ids=["two", "three"])
def test_classification_scores_follow_from_the_predictions(
    an_engine: Engine, engine_name: str, kind: dict[str, str], labels: tuple[str, ...]
) -> None:
    outcome = fit(an_engine, a_classification(labels), kind[engine_name])
    table = outcome.predictions
    truth, predicted = table["truth"], table["prediction"]
    how: dict[str, Any] = {"average": "weighted"} if len(labels) == 3 else {"average": "binary", "pos_label": "yes"}
    expected = {
        "Accuracy": metrics.accuracy_score(truth, predicted),
        "AUC": _auc(table, labels),
        "Recall": metrics.recall_score(truth, predicted, **how),
        "Precision": metrics.precision_score(truth, predicted, **how, zero_division=0),
        "F1": metrics.f1_score(truth, predicted, **how),
        "Kappa": metrics.cohen_kappa_score(truth, predicted),
        "MCC": metrics.matthews_corrcoef(truth, predicted),
    }
    assert outcome.scores == pytest.approx(expected, abs=1e-12)


def _auc(table: pd.DataFrame, labels: tuple[str, ...]) -> float:
    if len(labels) == 2:
        ranking = table["decision"] if "decision" in table else table["probability_1"]
        return float(metrics.roc_auc_score(table["truth"] == labels[1], ranking))
    if "probability_0" in table:
        probabilities = table[[f"probability_{number}" for number in range(3)]]
        return float(metrics.roc_auc_score(table["truth"], probabilities, average="weighted", multi_class="ovr"))
    each = [metrics.roc_auc_score(table["truth"] == label, table[f"decision_{n}"]) for n, label in enumerate(labels)]
    return float(np.average(each, weights=[(table["truth"] == label).sum() for label in labels]))


@pytest.mark.parametrize("kind", [RIDGE, TREES])
def test_regression_scores_follow_from_the_predictions(
    an_engine: Engine, engine_name: str, kind: dict[str, str]
) -> None:
    outcome = fit(an_engine, a_regression(), kind[engine_name])
    truth, predicted = outcome.predictions["truth"], outcome.predictions["prediction"]
    expected = {
        "MAE": metrics.mean_absolute_error(truth, predicted),
        "MSE": metrics.mean_squared_error(truth, predicted),
        "RMSE": metrics.root_mean_squared_error(truth, predicted),
        "R2": metrics.r2_score(truth, predicted),
        "RMSLE": metrics.root_mean_squared_log_error(truth, predicted),
        "MAPE": metrics.mean_absolute_percentage_error(truth, predicted),
    }
    assert outcome.scores == pytest.approx(expected, rel=1e-5)


def test_a_refitted_pipeline_survives_pickling_and_answers_awkward_rows(an_engine: Engine, engine_name: str) -> None:
    fitted = an_engine.prepare(a_classification()).refit(TREES[engine_name])
    loaded = pickle.loads(cloudpickle.dumps(fitted))
    row = some_rows(1)
    awkward = row.assign(**{"length": None, "island": "Elsewhere", "hatched": None, "age in years": np.nan})
    for rows in (row, awkward, awkward.drop(columns=["sex", "visits"]), row[[*reversed(row.columns)]]):
        assert loaded.predict(rows)[0] in {"adelie", "gentoo"}
        assert loaded.predict_proba(rows).sum() == pytest.approx(1)
    assert list(loaded.predict(some_rows(50))) == list(fitted.predict(some_rows(50)))


def test_a_row_from_the_network_is_read_as_one_from_a_file(an_engine: Engine, engine_name: str) -> None:
    fitted = an_engine.prepare(a_classification()).refit(TREES[engine_name])
    rows = some_rows(30)
    sent = pd.read_json(
        StringIO(rows.to_json(orient="records", date_format="iso")),
        orient="records",
        convert_dates=False,
    )
    assert isinstance(fitted, FittedPipeline)
    assert np.array_equal(fitted.predict_proba(sent), fitted.predict_proba(rows))


def test_one_row_is_answered_as_among_many(an_engine: Engine, engine_name: str) -> None:
    fitted = an_engine.prepare(a_classification()).refit(TREES[engine_name])
    assert isinstance(fitted, FittedPipeline)
    rows = some_rows(20)
    one_by_one = np.vstack([fitted.predict_proba(rows.iloc[[number]]) for number in range(len(rows))])
    assert one_by_one == pytest.approx(fitted.predict_proba(rows))


def test_rows_that_share_an_index_are_answered_each(an_engine: Engine, engine_name: str) -> None:
    fitted = an_engine.prepare(a_classification()).refit(TREES[engine_name])
    rows = some_rows(6)
    assert list(fitted.predict(rows.set_axis([0, 0, 0, 1, 1, 9]))) == list(fitted.predict(rows))


def test_words_where_numbers_belong_are_refused_by_the_column_s_name(an_engine: Engine, engine_name: str) -> None:
    fitted = an_engine.prepare(a_classification()).refit(PLAIN[engine_name])
    with pytest.raises(FeatureUnreadable, match="'age in years' must hold values of type integer"):
        fitted.predict(some_rows(1).assign(**{"age in years": "old"}))


def test_a_candidate_that_cannot_be_trained_fails_in_its_own_words(an_engine: Engine, engine_name: str) -> None:
    problem = a_classification()
    session = an_engine.prepare(problem)
    one_class = np.flatnonzero(problem.target == "adelie")
    with pytest.raises(CandidateFailed, match=r"ValueError: .*class"):
        session.fit(PLAIN[engine_name], one_class, np.arange(10))


def test_an_unknown_candidate_is_refused_with_those_on_offer(an_engine: Engine, engine_name: str) -> None:
    with pytest.raises(CandidateUnknown, match=PLAIN[engine_name]):
        fit(an_engine, a_classification(), "oracle")


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_a_class_named_by_its_import_path_races_with_the_engine_s_preprocessing(an_engine: Engine, task: Task) -> None:
    problem = a_classification() if task == "classification" else a_regression()
    path = f"sklearn.ensemble:ExtraTrees{'Classifier' if task == 'classification' else 'Regressor'}"
    first, second = (fit(an_engine, problem, path) for _ in range(2))
    assert_frame_equal(first.predictions, second.predictions, check_exact=True)
    assert len(an_engine.prepare(problem).refit(path).predict(some_rows(9))) == 9


def test_a_problem_without_any_value_is_refused(an_engine: Engine) -> None:
    empty = pd.DataFrame({"length": [None] * 40})
    with pytest.raises(NothingToLearnFrom):
        an_engine.prepare(Problem("classification", empty, {"length": "float"}, np.array(["a", "b"] * 20), 1))


@pytest.mark.parametrize("only", ["length", "island", "ticket", "tagged", "seen at", "always"])
def test_one_column_of_any_kind_is_enough(an_engine: Engine, engine_name: str, only: str) -> None:
    problem = a_classification()
    alone = replace(problem, features=problem.features[[only]], types={only: TYPES[only]})
    assert fit(an_engine, alone, TREES[engine_name]).scores["Accuracy"] is not None


def test_a_feature_called_target_is_a_feature(an_engine: Engine, engine_name: str) -> None:
    problem = a_classification()
    renamed = problem.features[["length", "island"]].set_axis(["target", "target_"], axis=1)
    outcome = fit(
        an_engine, replace(problem, features=renamed, types={"target": "float", "target_": "string"}), "ridge"
    )
    assert outcome.scores["Accuracy"] is not None


def test_a_column_empty_in_a_whole_fold_is_no_obstacle(an_engine: Engine, engine_name: str) -> None:
    problem = a_classification()
    split = an_engine.prepare(problem).folds(4)[0]
    features = problem.features.copy()
    features.loc[split.train, "weight [kg], dry"] = np.nan
    session = an_engine.prepare(replace(problem, features=features))
    assert session.fit(PLAIN[engine_name], split.train, split.test).scores["AUC"] is not None


def test_more_folds_than_rows_of_a_class_are_refused(an_engine: Engine) -> None:
    session = an_engine.prepare(a_classification(rows=20))
    with pytest.raises(FoldsExceedRows, match="10 rows of the class 'adelie'"):
        session.folds(11)
