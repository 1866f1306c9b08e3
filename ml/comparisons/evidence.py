"""What candidates were scored on, and why scores of different things are never compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ml.comparisons.paired import ComparisonRefused

Kind = Literal["folds", "holdout"]
"""Rows that models of the candidate, one per fold, have not seen; or rows kept from one fitted model."""

FEWEST_ROWS = 100
"""Under so many rows chance decides races, and an interval promises more than it keeps: no claim is made."""


@dataclass(frozen=True)
class Evidence:
    """What one candidate was scored on.

    >>> Evidence("lr", dataset="flights", version="ts1:4be0", split="10 folds, seed 1", kind="folds", rows=5000).rows
    5000
    """

    candidate: str
    dataset: str
    version: str
    """The digest of the dataset version."""
    split: str
    """What tells these folds, or this holdout, from any other: the same words for the same rows."""
    kind: Kind
    rows: int
    """Different rows that were scored, in all folds together."""


class CandidatesTooFew(ComparisonRefused):
    """There is nothing to compare."""

    def __init__(self, candidates: int) -> None:
        self.candidates = candidates
        super().__init__(f"A comparison needs 2 candidates, but there are {candidates}.", "Race or name another one.")


class RowsTooFew(ComparisonRefused):
    """So few rows were scored that no claim about candidates is made."""

    def __init__(self, candidate: str, rows: int) -> None:
        self.candidate = candidate
        self.rows = rows
        super().__init__(
            f"{candidate} was scored on {rows} rows, and under {FEWEST_ROWS} chance decides.", "Get more rows."
        )


class KindsDiffer(ComparisonRefused):
    """One candidate was scored on folds and another one on a holdout."""

    def __init__(self, on_folds: str, on_holdout: str) -> None:
        self.on_folds = on_folds
        self.on_holdout = on_holdout
        super().__init__(
            f"{on_folds} was scored on folds and {on_holdout} on a holdout, so no score of the one has a partner.",
            "Take the scores of one race for both, or score both on one holdout.",
        )


class SplitsDiffer(ComparisonRefused):
    """Candidates were scored on different rows of a dataset version, so their scores are no pairs."""

    def __init__(self, first: Evidence, second: Evidence) -> None:
        self.first = first
        self.second = second
        super().__init__(
            f"{first.candidate} was scored on {first.split} and {second.candidate} on {second.split}, so part of the "
            "difference is that of the rows.",
            "Race both in one experiment, whose folds are the same for all.",
        )


class VersionsDiffer(ComparisonRefused):
    """Candidates were scored on different versions of a dataset."""

    def __init__(self, first: Evidence, second: Evidence) -> None:
        self.first = first
        self.second = second
        super().__init__(
            f"{first.candidate} was scored on {first.dataset} as of {first.version[:12]} and {second.candidate} as of "
            f"{second.version[:12]}: the rows may differ, and not the candidates.",
            "Race both on one dataset version.",
        )


class DatasetCountedTwice(ComparisonRefused):
    """Versions of a dataset share rows, so they are not two datasets."""

    def __init__(self, candidate: str, dataset: str) -> None:
        self.candidate = candidate
        self.dataset = dataset
        super().__init__(
            f"{candidate} was scored more than once on {dataset}, whose versions and splits share rows.",
            "A dataset counts once: keep one of them, the same for all candidates.",
        )


class DatasetsDiffer(ComparisonRefused):
    """Some candidate lacks a score on a dataset on which others have one."""

    def __init__(self, candidate: str, lacking: Sequence[str]) -> None:
        self.candidate = candidate
        self.lacking = tuple(lacking)
        super().__init__(
            f"{candidate} was not scored on {', '.join(self.lacking)}, and others were.",
            "Race it there too, or leave these datasets out for all.",
        )


def check_pairs(evidence: Sequence[Evidence]) -> None:
    """Refuse evidence in which some score has no partner: the same rows, of the same dataset version.

    Raises:
        CandidatesTooFew, RowsTooFew: if there is too little.
        KindsDiffer, DatasetCountedTwice, VersionsDiffer, SplitsDiffer, DatasetsDiffer: if it is of different things.
    """
    candidates = sorted({each.candidate for each in evidence})
    if len(candidates) < 2:
        raise CandidatesTooFew(len(candidates))
    for each in evidence:
        if each.rows < FEWEST_ROWS:
            raise RowsTooFew(each.candidate, each.rows)
    _check_kinds(evidence)
    datasets = sorted({each.dataset for each in evidence})
    for dataset in datasets:
        _check_dataset([each for each in evidence if each.dataset == dataset])
    for candidate in candidates:
        lacking = set(datasets) - {each.dataset for each in evidence if each.candidate == candidate}
        if lacking:
            raise DatasetsDiffer(candidate, sorted(lacking))


def _check_kinds(evidence: Sequence[Evidence]) -> None:
    of_each = {each.kind: each.candidate for each in reversed(evidence)}
    if len(of_each) > 1:
        raise KindsDiffer(on_folds=of_each["folds"], on_holdout=of_each["holdout"])


def _check_dataset(evidence: Sequence[Evidence]) -> None:
    seen = set[str]()
    for each in evidence:
        if each.candidate in seen:
            raise DatasetCountedTwice(each.candidate, each.dataset)
        seen.add(each.candidate)
    first = evidence[0]
    for each in evidence:
        if each.version != first.version:
            raise VersionsDiffer(first, each)
        if each.split != first.split:
            raise SplitsDiffer(first, each)
