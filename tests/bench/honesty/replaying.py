"""What each rule would have decided in recorded races, and whether the truth bears it out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ml.margins import margin_of
from ml.metrics import greater_is_better
from ml.referee.course import Course, RetiringRule, Terms, course
from ml.referee.judgment import judged
from tests.bench.honesty.questions import Numbers, Question, questions_of
from tests.bench.honesty.rivals import RIVALS, Out

RULES: tuple[RetiringRule, ...] = ("strict", "careful", "fast")
ORDERS = 3
"""In how many orders of its folds a race is replayed, unless someone asks for another number."""
_EQUAL = 1e-12


@dataclass(frozen=True)
class Replay:
    """One rule in one race by one metric, with the folds in one order."""

    race: str
    dataset: str
    rows: int
    twins: bool
    metric: str
    rule: str
    is_wrong: bool
    """Whether the truly best candidate was retired, and all that equal it."""
    is_wrong_by_more: bool
    """Whether it was, and the winner is truly worse by more than the margin."""
    is_misjudged: bool
    """Whether it was, and is truly better than was said of it: at all, or by more than the margin."""
    is_worse: bool
    """Whether the winner is truly worse, by more than the margin, than the one who wins when nobody is retired."""
    is_anybody_wronged: bool
    """Whether somebody who was retired is truly better, by more than the margin, than whom it was compared with."""
    is_anybody_out: bool
    is_sole: bool
    """Whether one winner was named, and nobody is said to be as good."""
    cpu: float
    """Processor seconds as a share of those of all fits."""
    fits: float
    """Fits as a share of all."""


def replayed(out: Path, orders: int) -> list[Replay]:
    """Return what each rule does in every race that was recorded into a folder."""
    return [replay for file in sorted(out.glob("*.npz")) for replay in replays_of(file, orders)]


def replays_of(file: Path, orders: int) -> Iterator[Replay]:
    """Return what each rule does in a recorded race, by each metric and so many orders of its folds."""
    for question in questions_of(file):
        for number in range(orders):
            order = np.random.default_rng(number).permutation(len(question.evidence))
            yield from replays(_ordered(question, order))


def replays(question: Question) -> Iterator[Replay]:
    """Return what each rule does, with the folds as they come."""
    for rule in RULES:
        terms = _terms(question, rule)
        gone = course(question.evidence, terms)
        yield _judged(question, rule, _places(question, gone), is_sole=_is_sole(question, gone, terms))
    for name, rival in RIVALS.items():
        out = rival(question.scores)
        yield _judged(question, name, out, is_sole=len(out) == len(question.candidates) - 1)


def _ordered(question: Question, order: Numbers) -> Question:
    return replace(question, evidence=tuple(question.evidence[fold] for fold in order), seconds=question.seconds[order])


def _terms(question: Question, rule: RetiringRule) -> Terms:
    folds = len(question.evidence)
    return Terms(
        metric=question.metric,
        greater=greater_is_better(question.metric),
        splits=folds,
        folds=folds,
        candidates=len(question.candidates),
        rule=rule,
    )


def _places(question: Question, gone: Course) -> Mapping[int, Out]:
    place = {name: number for number, name in enumerate(question.candidates)}
    return {
        place[name]: Out(end.folds, place[end.gap.against], 0.0 if end.is_beaten else end.margin)
        for name, end in gone.retired.items()
    }


def _is_sole(question: Question, gone: Course, terms: Terms) -> bool:
    """Return whether the leader wins alone, as evaluation words it: a tie, or one retired as no better, forbids it."""
    judgment = judged(question.evidence, gone.live, terms)
    even = any(not end.is_beaten for end in gone.retired.values())
    return judgment is not None and judgment.is_judged and not judgment.tied and not even


def _judged(question: Question, rule: str, out: Mapping[int, Out], *, is_sole: bool) -> Replay:
    truth, scores, folds = question.truth, question.scores, len(question.evidence)
    best = np.flatnonzero(truth >= truth.max() - _EQUAL).tolist()
    live = [place for place in range(len(truth)) if place not in out]
    winner, winner_of_all = live[int(scores[:, live].mean(axis=0).argmax())], int(scores.mean(axis=0).argmax())
    margin = margin_of(question.metric, float(truth.max() if greater_is_better(question.metric) else -truth.max()))
    is_wrong = all(place in out for place in best)
    raced = [out[place].folds if place in out else folds for place in range(len(truth))]
    spent = sum(float(question.seconds[:count, place].sum()) for place, count in enumerate(raced))
    return Replay(
        question.race,
        question.dataset,
        question.rows,
        question.twins,
        question.metric,
        rule,
        is_wrong=is_wrong,
        is_wrong_by_more=is_wrong and bool(truth.max() - truth[winner] > margin),
        is_misjudged=is_wrong and all(truth.max() - truth[out[place].by] > out[place].margin for place in best),
        is_worse=bool(truth[winner_of_all] - truth[winner] > margin),
        is_anybody_wronged=any(bool(truth[place] - truth[end.by] > margin) for place, end in out.items()),
        is_anybody_out=bool(out),
        is_sole=is_sole,
        cpu=spent / float(question.seconds.sum()),
        fits=sum(raced) / (folds * len(truth)),
    )
