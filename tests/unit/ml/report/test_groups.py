from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import silhouette_samples, silhouette_score

from ml.report.groups import group_tables
from tests.builders.evidence import evidence_of
from tests.builders.unlabelled import a_grouped

EVIDENCE = evidence_of(a_grouped("clustering"), "mixture")


def test_groups_have_their_rows_and_their_silhouette() -> None:
    assert EVIDENCE.groups is not None
    table = group_tables(EVIDENCE)["groups"]
    assert table["rows"].sum() == 150
    assert table["share"].sum() == pytest.approx(1)
    found = silhouette_samples(EVIDENCE.matrix, EVIDENCE.groups)
    expected = pd.Series(found).groupby(EVIDENCE.groups.to_numpy()).mean()
    assert table.set_index("group")["silhouette"].to_dict() == pytest.approx(expected.to_dict())
    assert np.average(table["silhouette"], weights=table["rows"]) == pytest.approx(
        silhouette_score(EVIDENCE.matrix, EVIDENCE.groups)
    )
    assert table["misplaced"].tolist() == [0, 0, 0]


def test_what_is_typical_of_a_group_is_its_mean_or_its_commonest_category() -> None:
    assert EVIDENCE.groups is not None
    table = group_tables(EVIDENCE)["group_features"].set_index(["group", "feature"])
    for group, inside in EVIDENCE.features.groupby(EVIDENCE.groups):
        width = EVIDENCE.features["width"]
        assert float(table.loc[(group, "width"), "typical"]) == pytest.approx(inside["width"].mean(), rel=1e-4)
        difference = (inside["width"].mean() - width.mean()) / width.std()
        assert table.loc[(group, "width"), "difference"] == pytest.approx(difference)
        assert table.loc[(group, "width"), "missing"] == pytest.approx(inside["width"].isna().mean())
        assert table.loc[(group, "kind"), "typical"] == inside["kind"].mode()[0]
        assert table.loc[(group, "kind"), "difference"] > 0.5
        assert str(table.loc[(group, "seen"), "typical"]).startswith("2001-01-")


def test_folds_that_find_the_same_groups_agree_whatever_they_call_them() -> None:
    assert EVIDENCE.groups is not None
    own = EVIDENCE.groups.loc[EVIDENCE.predictions["row"]].to_numpy()
    renamed = own.astype(object) + EVIDENCE.predictions["fold"].astype(str)
    alike = group_tables(replace(EVIDENCE, predictions=EVIDENCE.predictions.assign(prediction=renamed)))["agreement"]
    assert alike["adjusted_rand"].tolist() == [1, 1, 1]
    by_lot = EVIDENCE.predictions.assign(prediction=np.random.default_rng(1).choice(["p", "q", "r"], 150))
    lots = group_tables(replace(EVIDENCE, predictions=by_lot))["agreement"]
    assert lots["adjusted_rand"].abs().max() < 0.15
    assert lots["rows"].tolist() == [50, 50, 50]


def test_rows_in_no_group_have_a_size_and_no_silhouette() -> None:
    assert EVIDENCE.groups is not None
    some_lost = EVIDENCE.groups.where(EVIDENCE.groups.index >= 20, "Noise")
    table = group_tables(replace(EVIDENCE, groups=some_lost))["groups"].set_index("group")
    assert table.loc["Noise", "rows"] == 20
    assert np.isnan(table.loc["Noise", "silhouette"])
    assert table.attrs == {"rows": 150, "rows_used": 130, "seed": 0}


def test_one_group_of_all_rows_has_no_silhouette() -> None:
    one = pd.Series(["Cluster 0"] * 150)
    table = group_tables(replace(EVIDENCE, groups=one))["groups"]
    assert table[["silhouette", "misplaced"]].isna().all(axis=None)
