"""When a running experiment counts as interrupted: one rule, for training, the page and the command line.

Workers say every ``BEAT`` seconds which fit they have in hand. An experiment that waits for workers which are busy with
another one only waits its turn, so a sign of any fit counts for all experiments.
"""

from contracts.message import Message
from contracts.training import FitCompleted, FitFailed, FitInHand, FitStarted, ModelVersionCreated, RefitFailed

BEAT = 4.0
"""Seconds between two signs of life of a worker with a fit in hand."""
SILENCE = 10.0
"""Seconds without any sign after which workers count as gone: one sign in a row may be lost.

A person is promised to see it within 15 s: what is left over is for the busy machine that they ask.
"""
SIGNS: tuple[type[Message], ...] = (FitInHand, FitStarted, FitCompleted, FitFailed, ModelVersionCreated, RefitFailed)
"""What is said by a worker that lives, and by nobody else."""


class Vigil:
    """Hears signs of life; every time given to it is in seconds, of one clock that never goes back."""

    def __init__(self, now: float) -> None:
        """Who begins to listen has heard nothing yet, so silence counts from ``now``."""
        self._last = now

    def hear(self, message: Message, now: float) -> None:
        """Take in a message; what is no sign of life changes nothing."""
        if isinstance(message, SIGNS):
            self._last = now

    def silent_for(self, now: float) -> float:
        """Return how many seconds ago the last sign was heard."""
        return now - self._last


def is_interrupted(owed: int, silent_for: float, running_for: float) -> bool:
    """Return whether an experiment that owes ``owed`` fits, begun ``running_for`` seconds ago, has nobody left.

    ``silent_for`` is how many seconds ago any worker gave a sign of life, for whichever experiment. One that has ended
    owes nothing.
    """
    return owed > 0 and min(silent_for, running_for) >= SILENCE
