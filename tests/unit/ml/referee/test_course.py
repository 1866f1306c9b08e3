import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.referee.course import RetiringRule, course
from ml.referee.evidence import Evidence, evidence_of
from tests.builders.folds import folds_around, terms, without_rows

WORSE = {"best": 1.0, "near": 0.999, "far": 0.0}


def only(evidence: list[Evidence], *names: str) -> list[Evidence]:
    """Return the folds as they are once others than ``names`` race no more."""
    kept = []
    for fold in evidence:
        at = [fold.candidates.index(name) for name in names]
        assert fold.products is not None
        assert fold.heaviest is not None
        kept.append(
            Evidence(names, fold.scores[at], fold.rows, fold.units, fold.products[np.ix_(at, at)], fold.heaviest[at])
        )
    return kept


@pytest.mark.parametrize("rule", ["strict", "careful", "fast"])
def test_who_is_surely_worse_is_beaten_after_one_fold(rule: RetiringRule) -> None:
    gone = course(folds_around(WORSE, 1), terms(rule, margin=0.0001))
    assert gone.live == ("best", "near")
    assert (gone.retired["far"].folds, gone.retired["far"].is_beaten) == (1, True)
    assert gone.retired["far"].gap.against in {"best", "near"}


def test_who_is_at_most_the_margin_better_is_retired_by_careful_and_not_by_strict() -> None:
    alike = folds_around({"a": 0.5, "b": 0.5}, 3, rows=2000, noise=0.1)
    careful, strict = (course(alike, terms(rule, candidates=2)) for rule in ("careful", "strict"))
    assert len(careful.live) == 1
    (end,) = careful.retired.values()
    assert (end.is_beaten, end.margin) == (False, 0.05)
    assert strict.retired == {}


def test_full_retires_nobody() -> None:
    assert course(folds_around(WORSE, 10), terms(rule=None)).retired == {}


def test_no_look_after_the_last_fold() -> None:
    folds = folds_around(WORSE, 2)
    assert "far" in course(folds, terms(folds=3)).retired
    assert course(folds[:1], terms(folds=1)).retired == {}


def test_under_a_hundred_rows_nobody_is_retired() -> None:
    folds = folds_around(WORSE, 2, rows=60)
    assert course(folds[:1], terms()).retired == {}
    assert "far" in course(folds, terms()).retired


def test_fold_means_alone_retire_nobody() -> None:
    assert course(without_rows(folds_around(WORSE, 9)), terms()).retired == {}


def test_who_lost_a_fold_is_out_of_the_comparison() -> None:
    first, second = folds_around(WORSE, 2)
    gone = course([first, *only([second], "near")], terms(rule=None))
    assert gone.live == ("near",)


def test_margins_do_not_add_up_along_a_chain_of_leaders() -> None:
    # After one fold a goes, as it is at most the margin better than b. After two c leads, and b is at most the margin
    # better than c; but a was told that b is as good as itself, so b stays until it is beaten.
    folds = [told({"a": 0.50, "b": 0.51, "c": 0.505}, noisy="c"), told({"b": 0.50, "c": 0.545})]
    gone = course(folds, terms(margin=0.05))
    assert gone.live == ("b", "c")
    assert (gone.retired["a"].gap.against, gone.retired["a"].is_beaten) == ("b", False)
    unpinned = [only([folds[0]], "b", "c")[0], folds[1]]
    assert course(unpinned, terms(margin=0.05)).live == ("c",)


def told(scores: dict[str, float], noisy: str = "") -> Evidence:
    """Return a fold of 1,000 rows with these scores, in which one candidate is far noisier than the others."""
    products = np.diag([600.0 if name == noisy else 30.0 for name in scores])
    return Evidence(tuple(scores), np.array(list(scores.values())), 1000, 1000, products, np.zeros((len(scores), 5)))


def test_fast_looks_at_these_rows_only_and_so_retires_no_later_than_careful() -> None:
    folds = folds_around({"a": 0.3, "b": 0.1, "c": 0.0}, 9, rows=150)
    careful, fast = (course(folds, terms(rule)) for rule in ("careful", "fast"))
    for name, end in careful.retired.items():
        assert fast.retired[name].folds <= end.folds


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), shuffled=st.integers(0, 10_000))
def test_the_order_of_candidates_never_matters(seed: int, shuffled: int) -> None:
    means = {name: place / 10 for place, name in enumerate("abcde")}
    folds = folds_around(means, 4, rows=120, seed=seed)
    order = random.Random(shuffled).sample("abcde", 5)
    one, other = (course(told, terms(candidates=5)) for told in (folds, only(folds, *order)))
    assert set(one.live) == set(other.live)
    assert {name: (end.folds, end.is_beaten, end.gap.against) for name, end in one.retired.items()} == {
        name: (end.folds, end.is_beaten, end.gap.against) for name, end in other.retired.items()
    }


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_later_folds_do_not_change_what_was_decided(seed: int) -> None:
    folds = folds_around({"a": 0.3, "b": 0.15, "c": 0.0}, 6, rows=120, seed=seed)
    earlier, later = (course(folds[:count], terms()) for count in (3, 6))
    assert earlier.retired.items() <= later.retired.items()


@pytest.mark.parametrize(("rule", "most"), [("strict", 0.05), ("careful", 0.05)])
def test_the_best_of_alike_candidates_is_rarely_beaten(rule: RetiringRule, most: float) -> None:
    races = 300
    wrong = sum(
        course(
            folds_around(dict.fromkeys("abcdef", 0.0), 6, rows=100, seed=seed), terms(rule, 6, margin=0.0)
        ).retired.get("a")
        is not None
        for seed in range(races)
    )
    assert wrong / races <= most + 0.025


def test_an_error_is_judged_as_its_negative_is() -> None:
    folds = folds_around(WORSE, 3)
    errors = [
        Evidence(fold.candidates, -fold.scores, fold.rows, fold.units, fold.products, fold.heaviest) for fold in folds
    ]
    one, other = course(folds, terms()), course(errors, terms(greater=False))
    assert one.live == other.live
    assert one.retired == other.retired


def test_no_evidence_is_no_verdict() -> None:
    assert course([], terms()).retired == {}
    assert course([evidence_of({"a": 0.5})], terms()).live == ("a",)
