import pytest

from contracts.ids import CandidateId, FitId
from services.evaluation.domain.outcome import Outcome
from services.evaluation.domain.savings import cpu_saved, fastest


def fits(candidate: str, folds: int, cpu: float, answer_seconds: float | None = None) -> list[Outcome]:
    name = CandidateId(candidate)
    return [
        Outcome(FitId(f"{candidate}-{fold}"), name, fold, 0.5, cpu_seconds=cpu, answer_seconds=answer_seconds)
        for fold in range(folds)
    ]


def test_what_is_saved_is_what_the_folds_not_raced_would_have_cost() -> None:
    outcomes = [*fits("a", 10, cpu=1.0), *fits("b", 2, cpu=3.0)]
    assert cpu_saved(outcomes, {CandidateId("b"): 2}, folds=10) == pytest.approx(8 * 3 / (10 + 30))


def test_what_was_done_ahead_in_vain_is_not_saved() -> None:
    outcomes = [*fits("a", 10, cpu=1.0), *fits("b", 3, cpu=3.0)]
    assert cpu_saved(outcomes, {CandidateId("b"): 2}, folds=10) == pytest.approx(7 * 3 / (10 + 30))


def test_nothing_is_said_of_savings_while_nobody_is_retired() -> None:
    assert cpu_saved(fits("a", 1, cpu=1.0), {}, folds=10) is None


def test_the_fastest_is_the_one_with_the_least_time_a_row() -> None:
    outcomes = [*fits("a", 2, 1.0, 0.01), *fits("b", 2, 1.0, 0.001), *fits("c", 2, 1.0, 0.0001), *fits("d", 2, 1.0)]
    assert fastest(outcomes, ["a", "b", "d"]) == "b"
    assert fastest(outcomes, ["d"]) is None
