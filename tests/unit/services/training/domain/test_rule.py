from typing import Any

import pytest

from contracts.ids import ExperimentId
from contracts.plans import canonical, digest_of
from contracts.training import Plan
from services.training.domain.errors import RuleNeedsRows
from services.training.domain.fits import fit_id
from services.training.domain.plan import decide
from tests.builders.messages import a_column, a_dataset_version, a_plan, a_template

PATIENT = a_column("patient", type="string", distinct=100)
NUMBER = a_column("mass", type="float", distinct=5000)
DAY = a_column("day", type="date", distinct=5000)
MANY = 5000


def planned(rows: int = MANY, **fields: Any) -> tuple[Plan, tuple[str, ...]]:
    """Return the plan for ten folds of three candidates, and what is said of it."""
    columns = (*a_dataset_version().columns, PATIENT, NUMBER, DAY)
    asked = {"task": "classification", "folds": 10, "candidates": ("logistic", "tree", "dummy")} | fields
    return decide(a_dataset_version(rows=rows, columns=columns), a_template(**asked))


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({}, "careful"),
        ({"target": "mass", "task": "regression", "candidates": ("ridge", "tree")}, "careful"),
        ({"folds": 9}, None),
        ({"folds": 20, "budget": 59}, "careful"),
        ({"folds": 20, "budget": 29}, None),
        ({"candidates": ("tree",)}, None),
        ({"groups": "patient"}, None),
        ({"target": "", "task": "clustering", "candidates": None}, None),
        ({"target": "", "task": "anomaly_detection", "candidates": None}, None),
        ({"target": "mass", "task": "time_series", "time": "day", "candidates": None}, None),
    ],
)
def test_candidates_are_retired_with_care_where_the_error_of_that_is_known(
    fields: dict[str, Any], rule: str | None
) -> None:
    plan, said = planned(**fields)
    assert plan.rule == rule
    assert not any("retire" in sentence for sentence in said)


@pytest.mark.parametrize("rule", ["strict", "careful", "fast"])
def test_a_rule_that_is_asked_for_is_taken_as_asked(rule: str) -> None:
    plan, said = planned(rule=rule)
    assert (plan.rule, said) == (rule, ())


@pytest.mark.parametrize("fields", [{"folds": 9}, {"folds": 20, "budget": 29}, {"groups": "patient"}])
def test_a_rule_that_is_asked_for_where_its_error_is_not_known_comes_with_a_warning(fields: dict[str, Any]) -> None:
    plan, said = planned(rule="strict", **fields)
    assert plan.rule == "strict"
    assert said[-1] == (
        "How often the rule strict retires the best candidate was measured for 10 folds of single rows only, not for "
        "what is asked here."
    )


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"task": "clustering"}, "A clustering cannot retire candidates by the rule fast"),
        ({"task": "anomaly_detection"}, "An anomaly detection cannot retire"),
        ({"task": "time_series", "target": "mass", "time": "day"}, "A time series cannot retire"),
    ],
)
def test_a_rule_is_refused_where_the_metric_judges_whole_folds(fields: dict[str, Any], cause: str) -> None:
    with pytest.raises(RuleNeedsRows) as caught:
        planned(rule="fast", **{"target": "", "candidates": None} | fields)
    assert caught.value.cause.startswith(cause)
    assert "rule full" in caught.value.cure


def test_few_rows_are_told_that_little_will_be_saved() -> None:
    said = "1999 rows cannot tell most candidates apart, so few of them will be retired, and little saved."
    assert planned(rows=1999)[1] == (said,)
    assert planned(rows=1999, rule="full")[1] == ()
    assert planned(rows=2000)[1] == ()


def test_a_margin_is_kept_with_a_rule_and_without_one() -> None:
    kept = [planned(margin=0.01, rule=rule)[0] for rule in ("auto", "full")]
    assert [(plan.rule, plan.margin) for plan in kept] == [("careful", 0.01), (None, 0.01)]


def test_a_plan_that_retires_nobody_has_the_digest_that_it_always_had() -> None:
    assert b'"rule"' not in canonical(a_plan()) + canonical(planned(rule="full")[0])
    assert digest_of(a_plan()) == "f699ec7afa71eb1663d33f837815ae3a1226473615c4239c024d0e19efa1645e"
    assert len({digest_of(plan) for plan in (a_plan(), a_plan(rule="careful"), a_plan(rule="fast", margin=0.1))}) == 3


def test_a_rule_changes_no_fit_so_that_races_by_another_one_share_them() -> None:
    plans = (a_plan(), a_plan(rule="careful"), a_plan(rule="strict", margin=0.1))
    assert len({fit_id(ExperimentId("exp-1"), plan, plan.candidates[0].id, 0) for plan in plans}) == 1
