"""Calls to a child that may be killed by anybody, or die of its work."""

from collections.abc import Callable
from typing import TypeVar

from infra.workers import CallFailed, WorkerDied, WorkerLost
from services.training.worker.errors import WorkImpossible
from services.training.worker.limits import OUT_OF_TIME

T = TypeVar("T")

_MOST_LOST = 10
"""How many children may be lost with their server until the work itself is taken for the cause."""


def answered(call: Callable[[], T], check: Callable[[], None] = lambda: None) -> T:
    """Return what a child answers; if it was killed, ask another one, once.

    The first may have been killed by anybody. The work of one that dies again, or for want of memory or of time, is
    the cause itself; a child that is lost with its server does not count, as servers are killed and started anew.

    Args:
        call: asks a child, a new one if the last has died.
        check: raises whatever it likes after a death; then nobody is asked again.

    Raises:
        WorkImpossible: if the work cannot be done.
    """
    try:
        return _answered(call, check)
    except CallFailed as failed:
        reason = "OutOfMemory" if failed.error == "MemoryError" else failed.error
        raise WorkImpossible(reason, failed.words) from failed
    except WorkerDied as died:
        check()
        raise _died_of(died) from died


def _answered(call: Callable[[], T], check: Callable[[], None]) -> T:
    try:
        return _until_heard(call, check)
    except WorkerDied as died:
        check()
        if died.out_of_memory or died.signal == OUT_OF_TIME or isinstance(died, WorkerLost):
            raise
    return _until_heard(call, check)


def _until_heard(call: Callable[[], T], check: Callable[[], None]) -> T:
    """Return what a child answers, however often its server is killed meanwhile."""
    for _ in range(_MOST_LOST):
        try:
            return call()
        except WorkerLost:
            check()
    return call()


def _died_of(died: WorkerDied) -> WorkImpossible:
    if died.signal == OUT_OF_TIME:
        return WorkImpossible("OutOfTime", "it took longer than the plan allows a fit")
    return WorkImpossible("OutOfMemory" if died.out_of_memory else "WorkerDied", str(died))
