from typing import Any

import pytest

from contracts.errors import Refusal
from contracts.ids import ExperimentId
from contracts.plans import canonical, digest_of
from services.training.domain.errors import (
    FoldsExceedGroups,
    GroupsAreTarget,
    GroupsMissing,
    GroupsNotFound,
    SettingUnused,
)
from services.training.domain.fits import fit_id
from services.training.domain.plan import decide
from tests.builders.messages import FEATURES, a_column, a_dataset_version, a_plan, a_template


def planned(distinct: int = 20, missing: int = 0, **fields: Any) -> tuple[list[str], str | None, tuple[str, ...]]:
    """Return the features, the groups and the notes of a plan for rows that have a column of patients."""
    patient = a_column("patient", type="string", distinct=distinct, missing=missing)
    version = a_dataset_version(columns=(*a_dataset_version().columns, patient))
    plan, notes = decide(version, a_template(**{"groups": "patient", "folds": 10} | fields))
    return [feature.name for feature in plan.features], plan.groups, notes


def test_a_column_of_groups_is_no_feature_and_is_told() -> None:
    features, groups, notes = planned()
    assert (features, groups) == ([feature.name for feature in FEATURES], "patient")
    assert any("each of 20 values of patient stay in one fold" in note for note in notes)


def test_without_groups_it_is_a_feature_and_the_plan_says_nothing_of_groups() -> None:
    features, groups, notes = planned(groups=None)
    assert ("patient" in features, groups, "Groups" in "".join(notes)) == (True, None, False)
    assert b"groups" not in canonical(a_plan())


@pytest.mark.parametrize(
    ("fields", "refusal", "said"),
    [
        ({"groups": "patent"}, GroupsNotFound, "Did you mean 'patient'"),
        ({"groups": "species"}, GroupsAreTarget, "is the target"),
        ({"missing": 1}, GroupsMissing, "1 row does not say what group is meant"),
        ({"missing": 4}, GroupsMissing, "4 rows do not say what group is meant"),
        ({"distinct": 2}, FoldsExceedGroups, "has only 2 values.*at most 2 folds, or name a column"),
        ({"distinct": 1}, FoldsExceedGroups, "has only one value.* Name a column"),
        ({"task": "clustering", "target": ""}, SettingUnused, "task classification or regression"),
        ({"task": "anomaly_detection", "target": ""}, SettingUnused, "task classification or regression"),
        ({"task": "time_series", "target": "bill_length"}, SettingUnused, "task classification or regression"),
    ],
)
def test_groups_that_cannot_be_are_refused_with_the_cure(
    fields: dict[str, Any], refusal: type[Refusal], said: str
) -> None:
    with pytest.raises(refusal, match=said):
        planned(**fields)


def test_groups_make_another_plan_and_other_fits() -> None:
    plans = (a_plan(), a_plan(groups="patient"), a_plan(groups="place"))
    assert len({digest_of(plan) for plan in plans}) == 3
    assert len({fit_id(ExperimentId("exp-1"), plan, plan.candidates[0].id, 0) for plan in plans}) == 3
