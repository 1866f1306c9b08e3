import numpy as np
import pandas as pd
import pytest
from scipy.stats import probplot

from ml.report.evidence import Evidence
from ml.report.residuals import quantiles_against_normal, residual_tables, residuals_by_prediction
from tests.builders.evidence import evidence_of
from tests.builders.problems import a_regression

RANDOM = np.random.default_rng(4)


def test_bins_of_the_prediction_say_where_the_model_is_biased_and_where_it_is_unsure() -> None:
    predicted = RANDOM.uniform(0, 10, 4000)
    residual = RANDOM.normal(predicted > 8, 1 + predicted)
    table = residuals_by_prediction(predicted, residual, 10)
    assert table["rows"].tolist() == [400] * 10
    assert table["prediction"].is_monotonic_increasing
    assert table["deviation"].iloc[-1] > 4 * table["deviation"].iloc[0]
    inside = (predicted >= np.sort(predicted)[1200]) & (predicted < np.sort(predicted)[1600])
    assert table.loc[3, ["mean", "q25", "q50"]].tolist() == pytest.approx(
        [residual[inside].mean(), *np.quantile(residual[inside], [0.25, 0.5])]
    )


def test_quantiles_are_set_against_those_of_the_normal_distribution_as_scipy_sets_them() -> None:
    residual = RANDOM.normal(2, 3, 150)
    table = quantiles_against_normal(residual)
    (normal, order), _line = probplot(residual)
    assert table["residual"].to_numpy() == pytest.approx(order)
    # Filliben's medians are an approximation of ours, the worst at the ends.
    assert table["normal"].to_numpy() == pytest.approx(normal, abs=0.005)


def test_of_normal_residuals_most_quantiles_lie_within_their_ends_and_of_others_not() -> None:
    shares = []
    for residual in (RANDOM.normal(2, 3, 5000), RANDOM.standard_t(2, 5000)):
        table = quantiles_against_normal(residual)
        assert len(table) == 200
        shares.append(((table["low"] <= table["residual"]) & (table["residual"] <= table["high"])).mean())
    assert shares[0] > 0.9
    assert shares[1] < 0.3


def test_many_rows_are_drawn_by_the_seed_and_the_table_says_so() -> None:
    predictions = pd.DataFrame({"row": range(5000), "truth": RANDOM.normal(size=5000), "prediction": 0.0})
    evidence = Evidence(predictions, pd.DataFrame({"x": range(5000)}), seed=1)
    points = residual_tables(evidence)["residual_points"]
    assert points.attrs == {"rows": 5000, "rows_used": 2000, "seed": 1}
    assert points["row"].is_unique
    assert points.equals(residual_tables(evidence)["residual_points"])


def test_a_real_candidate_leaves_residuals_that_add_up() -> None:
    tables = residual_tables(evidence_of(a_regression(), "ridge"))
    points = tables["residual_points"]
    assert len(points) == 240
    assert (points["truth"] - points["prediction"]).tolist() == points["residual"].tolist()
    assert tables["residuals"]["rows"].sum() == 240
    means = tables["residuals"]["mean"] @ tables["residuals"]["rows"] / 240
    assert means == pytest.approx(points["residual"].mean())
