"""What evaluation says: who leads, and how sure that is."""

from typing import ClassVar, Literal

from contracts.ids import CandidateId, ExperimentId, Key
from contracts.message import Event, Query, Value
from contracts.training import RetiringRule

VerdictKind = Literal["winner", "tied", "beaten", "no_better", "open"]
"""``winner`` leads alone. ``tied`` cannot be told apart from the leader, who is tied too then. ``beaten`` is worse than
whom it was compared with. ``no_better`` is at most the margin better. ``open`` is not settled yet."""


class Verdict(Value):
    """What the referee says of one candidate, and what that rests on: its rows beside those of another candidate."""

    kind: VerdictKind
    """The verdict in one word, for programs."""
    said: str
    """The verdict and its reason, as one sentence for a person."""
    against: CandidateId | None
    """Whom it was compared with: who led then; None for the leader itself."""
    compared_on: int
    """Folds that both had a score on, and that it rests on."""
    behind: float | None
    """How much worse than ``against`` its mean is over those folds, in the metric's own scale; below 0 it is better.

    None for the leader, and where there is nothing to compare.
    """
    low: float | None
    """Lower end of the 95 % interval of ``behind``: from the rows, corrected for overlapping folds."""
    high: float | None
    """Upper end of that interval."""
    better: float | None
    """Posterior share by which it is better than ``against`` by more than the margin; from 0 to 1."""
    same: float | None
    """Posterior share by which both are within the margin of each other."""
    worse: float | None
    """Posterior share by which it is worse by more than the margin."""
    rows_to_tell: int | None = None
    """About how many rows, in all, would settle an open question or a tie; None where it is settled or unknown."""


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
    verdict: Verdict | None = None
    """What the referee says of it; None before the first fold that all have raced, and where a fold was lost."""
    retired: int | None = None
    """After how many folds, all of them counted, it was retired; None if it was not."""
    pipeline_bytes: int | None = None
    """Size of its fitted pipeline, pickled; None until its first fold is scored."""
    answer_seconds: float | None = None
    """Wall time in which its fitted pipeline answers one row, at the median of some."""
    slowest_seconds: float | None = None
    """The longest of these."""


class CandidateRetired(Event):
    """A candidate races no more: it cannot win, or not by more than the margin. Its later fits are not counted."""

    subject: ClassVar[str] = "evt.evaluation.candidate.retired.v1"
    keyed_by: ClassVar[str] = "experiment_id"

    experiment_id: ExperimentId
    candidate: CandidateId
    folds: int
    """How many folds it has raced: the first ones."""
    fits_saved: int
    """Fits of the plan that need not be made for it."""
    verdict: Verdict
    """Why."""


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
    rule: RetiringRule | None = None
    """By which candidates are retired; None if all race all folds."""
    margin: float | None = None
    """The difference that is the same for practice, in the metric's own scale; None before it can be known."""
    fits_saved: int = 0
    """Fits of the plan that need not be made, since their candidate is retired."""
    cpu_saved: float | None = None
    """About which share of the plan's processor time retiring saves, from 0 to 1; None while nobody is retired."""
    suggested: CandidateId | None = None
    """The one that answers fastest among those that are tied with the leader; None where nobody is tied."""
    notes: tuple[str, ...] = ()
    """What a person should know about the verdicts, such as that few rows decide, one sentence each."""


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
    rule: RetiringRule | None = None
    """By which candidates are retired; None if all race all folds."""
    margin: float | None = None
    """The difference that is the same for practice, in the metric's own scale; None before it can be known."""
    fits_saved: int = 0
    """Fits of the plan that need not be made, since their candidate is retired."""
    cpu_saved: float | None = None
    """About which share of the plan's processor time retiring saves, from 0 to 1; None while nobody is retired."""
    suggested: CandidateId | None = None
    """The one that answers fastest among those that are tied with the leader; None where nobody is tied."""
    notes: tuple[str, ...] = ()
    """What a person should know about the verdicts, such as that few rows decide, one sentence each."""


class GetLeaderboard(Query[Leaderboard]):
    """Who leads this experiment?"""

    subject: ClassVar[str] = "qry.evaluation.leaderboard.get.v1"
    keyed_by: ClassVar[str] = "experiment_id"
    answer: ClassVar[type[Value]] = Leaderboard

    experiment_id: Key


class PairCompared(Value):
    """Two candidates beside each other; only finite numbers."""

    first: CandidateId
    """The one that stands before the other: by its mean score, or by its mean rank."""
    second: CandidateId
    """The other one."""
    folds: int | None
    """Folds that both have a score on, and that it rests on; None where mean ranks are compared."""
    difference: float
    """The first's mean over those folds less the second's, in the metric's own scale; else its mean rank less the
    second's, of which the smaller is the better."""
    low: float | None
    """Lower end of the 95 % interval of the difference, corrected for overlapping folds; None for mean ranks."""
    high: float | None
    """Upper end of that interval."""
    statistic: float | None
    """The difference in standard errors, above 0 where the first is better.

    None for mean ranks, and where the folds do not vary, so that it would be infinite.
    """
    p_value: float
    """Chance of a difference as large between candidates that are truly equal; for mean ranks of any among all pairs.

    It is from 0 to 1, two-sided.
    """
    corrected: float | None
    """The p-value by Holm's correction, which counts all the pairs here; None if there is one, and for mean ranks."""
    better: float | None
    """Posterior share by which the first is better than the second by more than the margin; None for mean ranks."""
    same: float | None
    """Posterior share by which both are within the margin of each other."""
    worse: float | None
    """Posterior share by which the first is worse by more than the margin."""


class CandidateRank(Value):
    """How a candidate stands over several datasets."""

    candidate: CandidateId
    mean_rank: float
    """The mean of its ranks, from 1 for one that is best on every dataset; ties share their ranks."""


class CandidatesCompared(Value):
    """The answer to CompareCandidates: which test answers, why this one, and what it says."""

    metric: str
    """The metric whose scores were compared."""
    greater_is_better: bool
    tests: tuple[str, ...]
    """The tests that were used: ``correlated_t`` and ``corrected_t``, or ``friedman`` and ``nemenyi``."""
    said: str
    """Why these, in a sentence for a person."""
    caveat: str | None
    """What they assume and these scores do not quite give, in sentences for a person; None if nothing is amiss."""
    datasets: int
    """How many datasets the scores are of."""
    margin: float | None
    """The difference that is the same for practice, in the metric's own scale; None where mean ranks are compared."""
    pairs: tuple[PairCompared, ...]
    """Each pair once: first the best with every other one, then the next."""
    ranks: tuple[CandidateRank, ...] = ()
    """The mean ranks, best first; empty where there is one dataset."""
    critical_difference: float | None = None
    """Mean ranks that are farther apart differ, all pairs together at 5 %; None where there is one dataset."""
    p_value: float | None = None
    """Friedman's: chance of mean ranks so different between candidates that are truly equal; None with one dataset."""


class CompareCandidates(Query[CandidatesCompared]):
    """Which of these candidates are better, and how sure is that? The test follows from what they were scored on."""

    subject: ClassVar[str] = "qry.evaluation.candidates.compare.v1"
    keyed_by: ClassVar[str] = "experiment_id"
    answer: ClassVar[type[Value]] = CandidatesCompared

    experiment_id: Key
    """An experiment that is over."""
    others: tuple[str, ...] = ()
    """More of them: each of another dataset, or of the same with the same folds but other candidates."""
    candidates: tuple[CandidateId, ...] = ()
    """Which candidates, two or more; if empty all that have a score on every fold, on each of the datasets."""
    test: str | None = None
    """The test that is wanted, such as ``corrected_t``, refused if it does not answer this; what suits if None."""
