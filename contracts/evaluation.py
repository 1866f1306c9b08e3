"""What evaluation says: who leads, and how sure that is."""

from typing import ClassVar

from contracts.ids import CandidateId, ExperimentId, Key
from contracts.message import Event, Query, Value


class Standing(Value):
    """One candidate's place on the leaderboard."""

    candidate: CandidateId
    name: str
    """What people call the candidate."""
    place: int | None
    """From 1; None until it has a score, or when none of its fits succeeded."""
    mean: float | None
    """Mean score over the folds; None until it has one."""
    low: float | None
    """Lower end of the 95 % interval of the mean, corrected for overlapping folds (Nadeau and Bengio).

    None under three folds.
    """
    high: float | None
    """Upper end of that interval."""
    scores: tuple[float | None, ...]
    """The ranking metric by fold; None where there is no score (yet)."""
    fit_seconds: float
    """Sum over its fits."""
    completed: int
    failed: int
    problem: str | None = None
    """Why its first failed fit failed."""


class LeaderboardUpdated(Event):
    """The standings after one more fit."""

    subject: ClassVar[str] = "evt.evaluation.leaderboard.updated.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    metric: str
    greater_is_better: bool
    standings: tuple[Standing, ...]
    """Best first; candidates without a score last."""
    fits_counted: int
    """Completed and failed fits behind these standings, each counted once."""
    final: bool
    """True once every fit of the plan has an outcome, or the experiment was cancelled: these standings stay."""
    cancelled: bool = False
    """Whether they are final because the experiment was cancelled."""


class Leaderboard(Value):
    """The answer to GetLeaderboard: the latest standings."""

    experiment_id: ExperimentId
    metric: str
    greater_is_better: bool
    standings: tuple[Standing, ...]
    fits_counted: int
    final: bool
    cancelled: bool = False
    folds: int | None = None
    """How many folds each candidate has in the whole race; None from a platform of before this field."""


class GetLeaderboard(Query[Leaderboard]):
    """Who leads this experiment?"""

    subject: ClassVar[str] = "qry.evaluation.leaderboard.get.v1"
    keyed_by: ClassVar[str] = "experiment_id"
    answer: ClassVar[type[Value]] = Leaderboard

    experiment_id: Key
