"""What retiring saves, and who of the tied answers fastest: by what the fits took, so it differs from run to run."""

from collections.abc import Collection, Mapping, Sequence
from statistics import fmean

from contracts.ids import CandidateId
from services.evaluation.domain.outcome import Outcome


def cpu_saved(outcomes: Sequence[Outcome], retired: Mapping[CandidateId, int], folds: int) -> float | None:
    """Return about which share of the processor time of the whole plan is saved; None while nobody is retired.

    A fit that was not made is taken to cost what its candidate's others did. What a worker did for a candidate before
    it heard of its retirement, is not saved.

    Args:
        outcomes: of all fits that were made.
        retired: after how many folds a candidate was.
        folds: how many are raced.
    """
    whole = saved = 0.0
    for candidate, fits in _by_candidate(outcomes).items():
        each = fmean(fit.cpu_seconds for fit in fits)
        whole += each * folds
        if candidate in retired:
            saved += each * (folds - max(len(fits), retired[candidate]))
    return saved / whole if retired and whole else None


def fastest(outcomes: Sequence[Outcome], among: Collection[str]) -> CandidateId | None:
    """Return who answers a row fastest; None if that was measured of none of them."""
    measured = [fit for fit in outcomes if fit.candidate in among and fit.answer_seconds is not None]
    return min(measured, key=lambda fit: (fit.answer_seconds, fit.candidate)).candidate if measured else None


def _by_candidate(outcomes: Sequence[Outcome]) -> dict[CandidateId, list[Outcome]]:
    found: dict[CandidateId, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.problem is None:
            found.setdefault(outcome.candidate, []).append(outcome)
    return found
