"""What may leave the stream: the oldest facts in one piece, up to the first that somebody has not acknowledged."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from infra.history import KeptFact
from infra.history.subjects import matching


@dataclass(frozen=True)
class Ear:
    """A durable consumer of the stream."""

    name: str
    hears: tuple[str, ...]
    """Subjects in NATS' patterns; all if there is none."""
    acknowledged: int
    """The sequence up to which it has acknowledged all that it hears."""


class Leaving:
    """Looks at the facts of the stream in order, and says of each whether it may leave."""

    def __init__(self, before: datetime, ears: Iterable[Ear]) -> None:
        """Only facts that were stored before ``before`` may leave."""
        self.before = before
        self._ears: Sequence[tuple[Ear, re.Pattern[str]]] = [(ear, matching(ear.hears or (">",))) for ear in ears]
        self.free = self.free_bytes = 0
        """How many facts may leave, and their bytes."""
        self.held = 0
        """How many are old enough and must wait."""
        self.waits_for: Counter[str] = Counter()
        """Whom they wait for, and how many facts each has not acknowledged."""

    def may_leave(self, fact: KeptFact) -> bool:
        """Say whether ``fact`` may leave; once one has to wait, so have all behind it."""
        holders = [
            ear.name for ear, heard in self._ears if fact.sequence > ear.acknowledged and heard.fullmatch(fact.subject)
        ]
        self.waits_for.update(holders)
        if holders or self.held:
            self.held += 1
            return False
        self.free += 1
        self.free_bytes += fact.size
        return True

    def is_young(self, fact: KeptFact) -> bool:
        """Say whether ``fact``, and so every one behind it, is to stay because of its age."""
        return fact.time >= self.before
