"""What evaluation needs from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.training import Plan
from ml.referee.evidence import Numbers
from services.evaluation.domain.outcome import Outcome


@dataclass(frozen=True)
class FoldRows:
    """What several candidates answered on one fold, row by row."""

    scores: Mapping[str, Numbers]
    """Candidate to (n,) row scores, all in the same order of rows."""
    groups: Numbers | None
    """(n,) the number of each row's group; None where rows are taken one by one."""


class Rows(Protocol):
    """The rows behind fold scores."""

    def of(self, plan: Plan, fits: Sequence[Outcome]) -> FoldRows | None:
        """Return the row scores of the fits of one fold; None if the metric has none, or what was answered is gone."""
