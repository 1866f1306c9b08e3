from datetime import datetime, timedelta

import pytest

from contracts.training import FitCompleted
from tests.bench.overhead import figures, overheads
from tests.builders import a_fit_completed
from tests.builders.messages import NOON


def fits(worker: str, *ends_and_work: tuple[float, float]) -> list[FitCompleted]:
    return [
        a_fit_completed(fold=fold, worker=worker, completed_at=after(end), cpu_seconds=work)
        for fold, (end, work) in enumerate(ends_and_work)
    ]


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_what_a_worker_did_not_work_from_one_fit_to_its_next_is_overhead() -> None:
    assert overheads(fits("a", (1.0, 0.9), (2.0, 0.7), (2.5, 0.5))) == pytest.approx([0.3, 0.0])


def test_each_worker_has_a_line_of_fits_of_its_own() -> None:
    both = [*fits("a", (1.0, 0.9), (2.0, 0.9)), *fits("b", (1.5, 0.9), (2.5, 0.8))]
    assert sorted(overheads(both)) == pytest.approx([0.1, 0.2])


def test_fits_are_taken_in_the_order_of_their_completion_however_they_are_heard() -> None:
    assert overheads(reversed(fits("a", (1.0, 0.9), (2.0, 0.7)))) == pytest.approx([0.3])


def test_preprocessing_that_fits_share_is_not_taken_off_twice() -> None:
    shared = a_fit_completed(fold=1, completed_at=after(2.0), fit_seconds=0.9, cpu_seconds=0.1)
    assert overheads([a_fit_completed(completed_at=after(1.0)), shared]) == pytest.approx([0.9])


def test_the_figures_are_in_milliseconds() -> None:
    told = figures(fits("a", (1.0, 0.9), (2.0, 0.98), (3.0, 0.96), (4.0, 0.94)))
    assert told["overhead_ms_median"] == 40.0
    assert told["overhead_ms_ninth_decile"] > 50.0
    assert told["fit_ms_median"] == 950.0
