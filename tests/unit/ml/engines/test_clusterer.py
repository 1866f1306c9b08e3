import cloudpickle
import numpy as np
import pytest
from sklearn.cluster import DBSCAN, AgglomerativeClustering, Birch, KMeans

from ml.engines.clusterer import Clusterer

ROWS = np.array([[0.0], [0.1], [0.2], [9.0], [9.1], [9.2], [50.0]])


@pytest.mark.parametrize("estimator", [KMeans(2, n_init=3, random_state=1), AgglomerativeClustering(2)])
def test_a_new_row_joins_the_group_of_those_near_it(estimator: object) -> None:
    clusterer = Clusterer(estimator).fit(ROWS[:6])
    near_zero, near_nine = clusterer.predict(np.array([[0.15], [8.8]]))
    assert near_zero == clusterer.predict(ROWS[:1])[0] != near_nine
    assert {clusterer.labels[near_zero], clusterer.labels[near_nine]} == {"Cluster 0", "Cluster 1"}
    assert clusterer.noise is None


def test_many_leaves_are_no_obstacle_to_pickling() -> None:
    rows = np.random.default_rng(1).uniform(size=(4000, 3)) * 100
    clusterer = Clusterer(Birch(n_clusters=3, branching_factor=2)).fit(rows)
    again = cloudpickle.loads(cloudpickle.dumps(clusterer))
    assert np.array_equal(again.predict(rows), clusterer.predict(rows))


def test_a_row_in_no_group_is_noise() -> None:
    clusterer = Clusterer(DBSCAN(eps=0.5, min_samples=2)).fit(ROWS)
    assert [clusterer.labels[group] for group in clusterer.predict(ROWS)] == 3 * ["Cluster 0"] + 3 * ["Cluster 1"] + [
        "Noise"
    ]
    assert clusterer.noise is not None
    assert clusterer.labels[clusterer.noise] == "Noise"
