"""Scores are compared only if each has its partner: on the same rows of the same dataset version."""

from dataclasses import replace

import pytest

from ml.comparisons import (
    CandidatesTooFew,
    ComparisonRefused,
    DatasetCountedTwice,
    DatasetsDiffer,
    Evidence,
    KindsDiffer,
    RowsTooFew,
    SplitsDiffer,
    VersionsDiffer,
)
from ml.comparisons.evidence import check_pairs

LR = Evidence("lr", "flights", "ts1:4b", "10 folds of seed 1", "folds", rows=5000)
RF = replace(LR, candidate="rf")
ON_WINE = [replace(each, dataset="wine", version="ts1:77", rows=178) for each in (LR, RF)]


def test_candidates_on_the_same_folds_are_pairs() -> None:
    check_pairs([LR, RF])


def test_candidates_on_the_same_datasets_are_pairs_whatever_their_order() -> None:
    check_pairs([LR, RF, *ON_WINE])
    check_pairs([*ON_WINE, LR, RF][::-1])


@pytest.mark.parametrize("evidence", [[], [LR], [LR, *ON_WINE[:1]]])
def test_one_candidate_is_no_comparison(evidence: list[Evidence]) -> None:
    with pytest.raises(CandidatesTooFew, match="2 candidates") as refused:
        check_pairs(evidence)
    assert refused.value.candidates == len({each.candidate for each in evidence})


@pytest.mark.parametrize("rows", [0, 99])
def test_a_claim_on_fewer_than_a_hundred_rows_is_refused(rows: int) -> None:
    with pytest.raises(RowsTooFew, match=f"rf was scored on {rows} rows, and under 100.*Get more rows") as refused:
        check_pairs([LR, replace(RF, rows=rows)])
    assert (refused.value.candidate, refused.value.rows) == ("rf", rows)


def test_a_hundred_rows_are_enough() -> None:
    check_pairs([replace(each, rows=100) for each in (LR, RF)])


def test_other_splits_are_refused() -> None:
    other = replace(RF, split="10 folds of seed 2")
    with pytest.raises(SplitsDiffer, match=r"lr was .* seed 1 and rf on .* seed 2.*Race both in one") as refused:
        check_pairs([LR, other])
    assert (refused.value.first, refused.value.second) == (LR, other)


def test_other_versions_of_a_dataset_are_refused() -> None:
    other = replace(RF, version="ts1:5c")
    with pytest.raises(VersionsDiffer, match="as of ts1:4b and rf as of ts1:5c") as refused:
        check_pairs([LR, other])
    assert (refused.value.first, refused.value.second) == (LR, other)


def test_versions_of_one_dataset_do_not_count_as_two() -> None:
    later = [replace(each, version="ts1:5c") for each in (LR, RF)]
    with pytest.raises(DatasetCountedTwice, match="A dataset counts once") as refused:
        check_pairs([LR, RF, *later])
    assert (refused.value.candidate, refused.value.dataset) == ("lr", "flights")


def test_folds_beside_a_holdout_are_refused() -> None:
    with pytest.raises(KindsDiffer, match="rf was scored on folds and lr on a holdout") as refused:
        check_pairs([replace(LR, kind="holdout"), RF])
    assert (refused.value.on_folds, refused.value.on_holdout) == ("rf", "lr")


def test_a_dataset_that_some_candidate_lacks_is_refused() -> None:
    with pytest.raises(DatasetsDiffer, match="rf was not scored on wine") as refused:
        check_pairs([LR, RF, ON_WINE[0]])
    assert (refused.value.candidate, refused.value.lacking) == ("rf", ("wine",))


def test_who_catches_one_refusal_can_catch_all() -> None:
    with pytest.raises(ComparisonRefused):
        check_pairs([LR])
