import json
from hashlib import sha256

import pytest

from contracts.errors import Refusal
from contracts.ingest import Column
from contracts.plans import canonical, digest_of, raced_folds
from services.training.domain import errors
from services.training.domain.plan import decide
from tests.builders import a_column, a_dataset_version, a_plan, a_template


def a_target(kind: str = "string", distinct: int = 2, missing: int = 0, rarest: int | None = None) -> Column:
    return a_column("species", type=kind, distinct=distinct, missing=missing, rarest=rarest)


def test_a_plan_holds_all_that_a_fit_depends_on() -> None:
    version = a_dataset_version()
    plan, _ = decide(version, a_template(candidates=("tree",)))
    assert (plan.data, plan.data_digest, plan.rows) == (version.data, version.data_digest, 60)
    assert [feature.name for feature in plan.features] == ["island", "bill_length"]
    assert [(candidate.id, candidate.name) for candidate in plan.candidates] == [("tree", "Decision Tree")]
    assert (plan.task, plan.metric, plan.folds, plan.seed) == ("classification", "AUC", 2, 42)


def test_a_class_of_one_s_own_races_by_its_import_path_and_nobody_imports_it_to_plan() -> None:
    plan, _ = decide(a_dataset_version(), a_template(candidates=("tree", "acme.models:Booster")))
    assert [(candidate.id, candidate.name) for candidate in plan.candidates] == [
        ("tree", "Decision Tree"),
        ("acme.models:Booster", "Booster (acme.models)"),
    ]


def test_a_class_of_one_s_own_is_refused_where_nothing_is_predicted() -> None:
    template = a_template(target="", task="clustering", candidates=("acme.models:Booster",), metric=None)
    with pytest.raises(errors.OwnEstimatorUnsuitable, match="cannot race in clustering"):
        decide(a_dataset_version(), template)


def test_all_candidates_race_when_none_is_named() -> None:
    plan, _ = decide(a_dataset_version(), a_template(engine="pycaret"))
    assert len(plan.candidates) >= 12


@pytest.mark.parametrize("asked", ["Accuracy", "accuracy", "ACCURACY"])
def test_a_metric_may_be_written_in_small_letters_or_large(asked: str) -> None:
    plan, _ = decide(a_dataset_version(), a_template(metric=asked))
    assert plan.metric == "Accuracy"


def test_a_candidate_named_twice_races_once() -> None:
    plan, _ = decide(a_dataset_version(), a_template(candidates=("tree", "dummy", "tree")))
    assert [candidate.id for candidate in plan.candidates] == ["tree", "dummy"]


def test_a_budget_of_fits_pays_for_whole_folds_and_says_what_it_leaves() -> None:
    asked = {"candidates": ("logistic", "tree", "dummy"), "folds": 5}
    plan, said = decide(a_dataset_version(), a_template(**asked, budget=11))
    assert (plan.folds, plan.budget, raced_folds(plan)) == (5, 11, 3)
    assert said[-1] == (
        "11 fits pay for 3 of 5 folds of 3 candidates; 2 stay unspent, since a fold is raced by all or by none."
    )
    _, said = decide(a_dataset_version(), a_template(**asked, budget=12))
    assert said[-1] == "12 fits pay for 4 of 5 folds of 3 candidates."


def test_a_budget_that_pays_for_all_is_the_plan_without_one() -> None:
    asked = {"candidates": ("logistic", "tree", "dummy"), "folds": 5}
    assert decide(a_dataset_version(), a_template(**asked, budget=15)) == decide(
        a_dataset_version(), a_template(**asked)
    )


def test_a_budget_that_does_not_pay_for_two_folds_is_refused_with_what_would() -> None:
    asked = {"candidates": ("logistic", "tree", "dummy"), "folds": 5}
    with pytest.raises(errors.BudgetTooSmall, match="Give at least 6, or name at most 2 of them"):
        decide(a_dataset_version(), a_template(**asked, budget=5))
    with pytest.raises(errors.BudgetTooSmall, match="Give at least 6, or name 1 of them"):
        decide(a_dataset_version(), a_template(**asked, budget=2))


def test_rows_without_a_target_are_told_and_take_no_part() -> None:
    version = a_dataset_version(columns=(a_column("mass"), a_target(missing=5)))
    plan, warnings = decide(version, a_template())
    assert plan.rows == 55
    assert "5 rows take no part: species is empty there." in warnings


def test_empty_and_constant_columns_are_left_out_and_told() -> None:
    columns = (a_column("mass"), a_column("note", missing=60, distinct=0), a_column("year", distinct=1), a_target())
    plan, warnings = decide(a_dataset_version(columns=columns), a_template())
    assert [feature.name for feature in plan.features] == ["mass"]
    assert "The column note is left out: empty in every row." in warnings
    assert "The column year is left out: the same in every row." in warnings


@pytest.mark.parametrize(
    ("target", "rows", "task"),
    [
        (a_target("string", 3), 60, "classification"),
        (a_target("boolean", 2), 60, "classification"),
        (a_target("float", 30), 60, "regression"),
        (a_target("integer", 2), 20, "classification"),
        (a_target("integer", 20), 1000, "classification"),
        (a_target("integer", 21), 1000, "regression"),
        (a_target("integer", 10), 100, "regression"),
    ],
)
def test_the_task_follows_from_the_target_and_is_told(target: Column, rows: int, task: str) -> None:
    version = a_dataset_version(rows=rows, columns=(a_column("mass"), target))
    plan, warnings = decide(version, a_template(task="auto"))
    assert plan.task == task
    assert any(warning.startswith(f"Task: {task}") for warning in warnings)


def test_a_task_that_was_asked_for_is_not_explained() -> None:
    _, warnings = decide(a_dataset_version(), a_template(task="classification"))
    assert warnings == ()


@pytest.mark.parametrize(
    ("refusal", "version", "template"),
    [
        (errors.TargetMissing, {}, {"target": "specie"}),
        (errors.TargetAllMissing, {"columns": (a_column("mass"), a_target(missing=60, distinct=0))}, {}),
        (errors.TargetHasOneClass, {"columns": (a_column("mass"), a_target(distinct=1))}, {}),
        (errors.TargetHasOneClass, {"columns": (a_column("mass"), a_target("float", 1))}, {}),
        (errors.TaskUnsuitable, {}, {"task": "regression"}),
        (errors.TaskUnsuitable, {"columns": (a_column("mass"), a_target("date", 9))}, {}),
        (errors.TooFewRows, {"rows": 1}, {}),
        (errors.TooFewRows, {"columns": (a_column("mass"), a_target(missing=51))}, {}),
        (errors.FoldsExceedRows, {"columns": (a_column("mass"), a_target("float"))}, {"folds": 61}),
        (errors.FoldsExceedClass, {}, {"folds": 31}),
        (errors.NoFeatures, {"columns": (a_column("year", distinct=1), a_target())}, {}),
        (errors.NoCandidates, {}, {"candidates": ()}),
        (errors.UnknownCandidate, {}, {"candidates": ("tree", "forst")}),
        (errors.MalformedImportPath, {}, {"candidates": ("tree", "acme models:Booster")}),
        (errors.MalformedImportPath, {}, {"candidates": ("acme.models:Booster()",)}),
        (errors.UnknownMetric, {}, {"metric": "R2"}),
        (errors.TooManyClasses, {"rows": 5000, "columns": (a_column("mass"), a_target(distinct=101))}, {}),
        (errors.TooManyClasses, {"columns": (a_column("mass"), a_target(distinct=60))}, {"task": "classification"}),
    ],
)
def test_a_plan_that_cannot_work_is_refused_by_name(
    refusal: type[Refusal], version: dict[str, object], template: dict[str, object]
) -> None:
    with pytest.raises(refusal) as caught:
        decide(a_dataset_version(**version), a_template(**template))
    assert caught.value.cause.endswith((".", "?"))
    assert caught.value.cure.endswith(".")


def refused(target: Column, **template: object) -> errors.FoldsExceedClass:
    with pytest.raises(errors.FoldsExceedClass) as caught:
        decide(a_dataset_version(columns=(a_column("mass"), target)), a_template(**template))
    return caught.value


def test_a_class_of_one_row_is_refused_before_the_first_fit() -> None:
    refusal = refused(a_target(rarest=1))
    assert refusal.cause == "The rarest class of 'species' has 1 row, and each of 2 folds needs one of every class."
    assert refusal.cure == "Register more rows of that class, or leave it out."


def test_the_folds_that_are_advised_are_accepted() -> None:
    target = a_target(rarest=7)
    assert refused(target, folds=8).cure.startswith("Ask for at most 7 folds, ")
    plan, _ = decide(a_dataset_version(columns=(a_column("mass"), target)), a_template(folds=7))
    assert plan.folds == 7


def test_numbers_as_rare_classes_are_answered_with_regression() -> None:
    refusal = refused(a_target("integer", distinct=25, rarest=1), task="classification")
    assert refusal.cure.endswith("or ask for regression.")


def test_regression_asks_for_no_rows_of_each_value() -> None:
    version = a_dataset_version(columns=(a_column("mass"), a_target("integer", distinct=25, rarest=1)))
    plan, _ = decide(version, a_template(task="regression", folds=60))
    assert plan.folds == 60


def test_how_rare_the_values_are_makes_no_other_plan() -> None:
    columns = (a_column("mass"), a_target()), (a_column("mass", rarest=1), a_target(rarest=30))
    one, other = (decide(a_dataset_version(columns=chosen), a_template())[0] for chosen in columns)
    assert digest_of(one) == digest_of(other)
    assert b"rarest" not in canonical(one)


def test_a_misspelt_target_is_answered_with_the_nearest_column_and_all_there_are() -> None:
    with pytest.raises(errors.TargetMissing) as caught:
        decide(a_dataset_version(), a_template(target="Specis"))
    assert "Did you mean 'species'?" in caught.value.cause
    assert "island, bill_length, species" in caught.value.cure


def test_a_misspelt_candidate_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(errors.UnknownCandidate) as caught:
        decide(a_dataset_version(), a_template(candidates=("forst",)))
    assert "Did you mean 'forest'?" in caught.value.cause
    assert "logistic" in caught.value.cure


def test_the_digest_is_that_of_the_bytes_that_workers_read() -> None:
    plan = a_plan()
    assert digest_of(plan) == sha256(canonical(plan)).hexdigest()
    assert type(plan).model_validate_json(canonical(plan)) == plan
    assert list(json.loads(canonical(plan))) == sorted(json.loads(canonical(plan)))


def test_another_seed_is_another_plan() -> None:
    assert digest_of(a_plan(seed=1)) != digest_of(a_plan(seed=2))
