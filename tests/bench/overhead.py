"""What the platform adds to each fit, beyond the fit.

A worker does one fit at a time. From the completion of one to the completion of its next, all time that is not the
child's own work on the fit is the platform's: the command's way through the queue, the start of the call, predictions
written and stored, the fact published and acknowledged, and whatever services, page and MLflow take from the worker's
core meanwhile. The child's own work is counted in processor seconds (``FitCompleted.cpu_seconds``: rows and plan made
ready, preprocessing, training, scoring), not by ``fit_seconds``, which repeats the preprocessing that fits share. It
has one thread, so that it cannot have worked for longer than that: what it waited counts as the platform's.

Beside it stands what all of the platform's processes but the children spend on a fit, in processor time: what goes on
in the background is there too, such as MLflow's record.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

import psutil

from contracts.training import FitCompleted
from infra.local.platform import Platform

_FITTING = "warm"
"""The process whose children do the fits."""


def overheads(fits: Iterable[FitCompleted]) -> list[float]:
    """Return the seconds that the platform added to each fit, but for the first of each worker."""
    by_worker = defaultdict(list)
    for fit in sorted(fits, key=lambda fit: fit.completed_at):
        by_worker[fit.worker].append(fit)
    return [
        (fit.completed_at - before.completed_at).total_seconds() - fit.cpu_seconds
        for line in by_worker.values()
        for before, fit in pairwise(line)
    ]


def figures(fits: Iterable[FitCompleted]) -> dict[str, float]:
    """Return the median of what was added in milliseconds, its ninth decile, and the median of the fits themselves."""
    fits = tuple(fits)
    added = overheads(fits)
    return {
        "overhead_ms_median": _milliseconds(statistics.median(added)),
        "overhead_ms_ninth_decile": _milliseconds(statistics.quantiles(added, n=10)[-1]),
        "fit_ms_median": _milliseconds(statistics.median(fit.cpu_seconds for fit in fits)),
    }


def spent(platform: Platform) -> float:
    """Return the processor seconds that the platform has spent so far, the fits themselves left out."""
    return sum(_seconds(process) for process in _processes(platform))


def _processes(platform: Platform) -> Iterator[psutil.Process]:
    yield psutil.Process(platform.pid)
    for name, running in platform.processes.items():
        if name != _FITTING and running.pid is not None:
            process = psutil.Process(running.pid)
            yield process
            yield from process.children(recursive=True)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
