from typing import Any

import pytest

from contracts.ids import ExperimentId
from services.training.domain.errors import SettingUnused, TargetNotNamed, TargetUnused
from services.training.domain.fits import fit_id
from services.training.domain.plan import decide
from services.training.domain.question import Question, choose_question
from tests.builders.messages import a_dataset_version, a_plan, a_template


def asked(**fields: Any) -> Question:
    return choose_question(a_dataset_version(), a_template(**{"target": "", "candidates": None, **fields}))


def test_a_task_without_a_target_takes_every_row_and_says_what_it_looks_for() -> None:
    rows = a_dataset_version().rows
    assert asked(task="clustering") == Question("clustering", rows, clusters=4)
    assert asked(task="anomaly_detection", anomalies=0.1) == Question("anomaly_detection", rows, anomalies=0.1)


def test_every_column_is_a_feature_where_there_is_no_target() -> None:
    version = a_dataset_version()
    plan, _notes = decide(version, a_template(target="", task="clustering", candidates=None, metric=None))
    assert [feature.name for feature in plan.features] == [column.name for column in version.columns]
    assert (plan.target, plan.metric) == ("", "Silhouette")


@pytest.mark.parametrize("task", ["auto", "classification", "regression", "time_series"])
def test_who_names_no_target_is_told_the_columns(task: str) -> None:
    with pytest.raises(TargetNotNamed, match=a_dataset_version().columns[0].name):
        asked(task=task)


@pytest.mark.parametrize("task", ["clustering", "anomaly_detection"])
def test_a_target_that_nobody_would_predict_is_refused(task: str) -> None:
    with pytest.raises(TargetUnused, match="Leave the target out"):
        asked(task=task, target="species")


@pytest.mark.parametrize("setting", [{"clusters": 3}, {"horizon": 3}, {"season": 3}, {"time": "year"}])
def test_a_setting_of_another_task_is_refused_by_its_name(setting: dict[str, Any]) -> None:
    with pytest.raises(SettingUnused, match=next(iter(setting))):
        asked(task="anomaly_detection", **setting)


def test_what_grows_with_the_square_of_many_rows_races_only_if_it_is_named() -> None:
    version = a_dataset_version(rows=20_000)
    template = a_template(target="", task="clustering", candidates=None, metric=None, engine="pycaret")
    plan, notes = decide(version, template)
    assert [candidate.id for candidate in plan.candidates] == ["kmeans", "birch"]
    assert any("ap, dbscan, hclust" in note for note in notes)
    named, _notes = decide(version, template.model_copy(update={"candidates": ("ap",)}))
    assert [candidate.id for candidate in named.candidates] == ["ap"]


def test_fits_differ_by_what_their_task_is_asked() -> None:
    plans = [a_plan(task="clustering", clusters=clusters) for clusters in (3, 4)]
    assert len({fit_id(ExperimentId("exp-1"), plan, plan.candidates[0].id, 0) for plan in plans}) == 2
