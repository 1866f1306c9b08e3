import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from ml.report.confusion import confusion_tables
from ml.report.evidence import Evidence
from tests.builders.evidence import evidence_of
from tests.builders.problems import a_classification


@pytest.mark.parametrize("labels", [("a", "b"), ("a", "b", "c"), (False, True), (1, 5, 9), (0.5, 1.5)])
def test_counts_and_shares_are_those_of_scikit_learn(labels: tuple[object, ...]) -> None:
    evidence = evidence_of(a_classification(labels), "bayes")
    truth, predicted = (evidence.predictions[name].astype(str) for name in ("truth", "prediction"))
    words = [str(label) for label in labels]
    tables = confusion_tables(evidence)
    assert tables["confusion"]["rows"].tolist() == confusion_matrix(truth, predicted, labels=words).ravel().tolist()
    precision, recall, f1, rows = precision_recall_fscore_support(truth, predicted, labels=words)
    found = tables["classes"][["precision", "recall", "f1", "rows"]].to_numpy(dtype=float)
    assert found == pytest.approx(np.column_stack([precision, recall, f1, rows]))


def test_shares_are_of_the_truth_and_lie_in_their_intervals() -> None:
    table = confusion_tables(evidence_of(a_classification(("a", "b", "c")), "bayes"))["confusion"]
    assert table.groupby("truth")["share"].sum().tolist() == pytest.approx([1, 1, 1])
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()


def test_a_class_that_is_never_predicted_has_no_precision() -> None:
    seen = pd.DataFrame({"row": [0, 1], "truth": ["a", "b"], "prediction": ["a", "a"]})
    classes = confusion_tables(Evidence(seen, pd.DataFrame({"x": [1, 2]}), ("a", "b")))["classes"].set_index("class")
    assert np.isnan(classes.loc["b", ["precision", "precision_low", "precision_high"]].astype(float)).all()
    assert classes.loc["b", ["recall", "f1"]].tolist() == [0, 0]
