"""The verdict on each candidate of a race, from the evidence of its folds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.evaluation import Verdict, VerdictKind
from contracts.ids import CandidateId
from contracts.plans import raced_folds
from contracts.training import Plan
from ml.metrics import greater_is_better
from ml.referee.course import Course, Retirement, Terms, course
from ml.referee.evidence import Evidence
from ml.referee.gap import Gap
from ml.referee.judgment import Judgment, judged
from services.evaluation.domain import words


def terms_of(plan: Plan) -> Terms:
    """Return by what a plan's race is judged."""
    return Terms(
        metric=plan.metric,
        greater=greater_is_better(plan.metric),
        splits=plan.folds,
        folds=raced_folds(plan),
        candidates=len(plan.candidates),
        rule=plan.rule,
        margin=plan.margin,
    )


@dataclass(frozen=True)
class Ruling:
    """What is said of a race as far as it has come."""

    course: Course
    judgment: Judgment | None
    """None before the first fold that all who race still have raced."""
    verdicts: Mapping[CandidateId, Verdict]
    is_decided: bool
    """Whether no fold can change it."""

    @property
    def margin(self) -> float | None:
        """Return the difference that is the same for practice."""
        return self.judgment.margin if self.judgment else None

    @property
    def tied(self) -> frozenset[str]:
        """Return the leader and who cannot be told apart from it; nobody before the end."""
        if not self.is_decided or self.judgment is None or not self.judgment.is_judged:
            return frozenset()
        return self.judgment.tied | {self.judgment.leader}


def ruling(plan: Plan, evidence: Sequence[Evidence], *, is_final: bool) -> Ruling:
    """Return what can be said after these folds; ``is_final`` once no more are raced."""
    terms = terms_of(plan)
    gone = course(evidence, terms)
    judgment = judged(evidence, gone.live, terms)
    is_decided = is_final or (bool(gone.retired) and len(gone.live) == 1)
    names = {str(candidate.id): candidate.name for candidate in plan.candidates}
    verdicts = {name: _of_retired(end, names) for name, end in gone.retired.items()}
    if judgment is not None:
        seen = sum(fold.units for fold in evidence)
        speaker = _Speaker(judgment, names, is_decided, seen, plan.groups is not None)
        no_better = sum(not end.is_beaten for end in gone.retired.values())
        verdicts |= {name: speaker.of(name, gap) for name, gap in judgment.gaps.items()}
        verdicts[judgment.leader] = speaker.of_leader(no_better, len(evidence))
    return Ruling(gone, judgment, {CandidateId(name): verdict for name, verdict in verdicts.items()}, is_decided)


@dataclass(frozen=True)
class _Speaker:
    """Says what a judgment means."""

    judgment: Judgment
    names: Mapping[str, str]
    is_decided: bool
    units: int
    grouped: bool

    def of(self, name: str, gap: Gap) -> Verdict:
        is_tied, errors = name in self.judgment.tied, self.judgment.errors
        kind: VerdictKind = ("tied" if is_tied else "beaten") if self.is_decided else "open"
        said = words.said_of_gap(gap, self.names, is_tied=is_tied, is_final=self.is_decided, errors=errors)
        if not self.judgment.is_judged:
            kind, said = "open", words.said_of_few(self.units, grouped=self.grouped)
        return _verdict(kind, said, gap, self.judgment.margin, words.rows_to_tell(gap, errors) if is_tied else None)

    def of_leader(self, no_better: int, compared_on: int) -> Verdict:
        tied, margin = len(self.judgment.tied), self.judgment.margin
        # Who was retired as no better by more than the margin was not called worse, so the leader has not beaten all.
        kind: VerdictKind = ("tied" if tied or no_better else "winner") if self.is_decided else "open"
        said = words.said_of_leader(tied, no_better, margin) if self.is_decided else "Leads so far."
        if not self.judgment.is_judged:
            kind, said = "open", words.said_of_few(self.units, grouped=self.grouped)
        return Verdict(
            kind=kind,
            said=said,
            against=None,
            compared_on=compared_on,
            behind=None,
            low=None,
            high=None,
            better=None,
            same=None,
            worse=None,
        )


def _of_retired(end: Retirement, names: Mapping[str, str]) -> Verdict:
    kind: VerdictKind = "beaten" if end.is_beaten else "no_better"
    return _verdict(kind, words.said_of_retired(end, names), end.gap, end.margin, None)


def _verdict(kind: VerdictKind, said: str, gap: Gap, margin: float, rows_to_tell: int | None) -> Verdict:
    low, high = gap.interval()
    better, same, worse = gap.shares(margin)
    return Verdict(
        kind=kind,
        said=said,
        against=CandidateId(gap.against),
        compared_on=gap.folds,
        behind=gap.behind,
        low=low,
        high=high,
        better=better,
        same=same,
        worse=worse,
        rows_to_tell=rows_to_tell,
    )
