"""Candidates of races that are over, compared by the test that suits what they were scored on."""

from collections.abc import Sequence
from typing import get_args

from contracts.evaluation import CandidatesCompared
from contracts.ids import CandidateId
from ml.comparisons import ComparisonRefused, Method, Question, TestName, suitable
from ml.metrics import greater_is_better
from services.evaluation.domain.board import Board
from services.evaluation.domain.errors import NotComparable, UnknownTest
from services.evaluation.domain.mean_ranks import ranked_over_datasets
from services.evaluation.domain.pairs import paired
from services.evaluation.domain.scored import Scored, scored


def compared(boards: Sequence[Board], named: Sequence[CandidateId], asked: str | None) -> CandidatesCompared:
    """Return which candidates are better, and how sure that is.

    Args:
        boards: the races, each once.
        named: whom to compare; if empty, who has a score on every fold, on each dataset.
        asked: the test that is wanted; whichever suits if None.

    Raises:
        Refusal: if these scores do not answer this question; its name says why.
    """
    test = _test_named(asked)
    field = scored(boards, named)
    try:
        return _answered(field, _method(field, test))
    except ComparisonRefused as refused:
        raise NotComparable(refused) from refused


def _test_named(asked: str | None) -> TestName | None:
    tests: tuple[TestName, ...] = get_args(TestName)
    if asked is not None and asked not in tests:
        raise UnknownTest(asked, tests)
    return next((test for test in tests if test == asked), None)


def _method(field: Sequence[Scored], test: TestName | None) -> Method:
    plan = field[0].race.plan
    # A plan does not say how many classes there are; of folds DeLong's test is refused whatever their number.
    classes = 2 if plan.task == "classification" else None
    return suitable(Question(plan.task, plan.metric, tuple(each.evidence for each in field), classes, test))


def _answered(field: Sequence[Scored], method: Method) -> CandidatesCompared:
    race = field[0].race
    ranked = ranked_over_datasets(field) if "friedman" in method.tests else None
    return CandidatesCompared(
        metric=race.plan.metric,
        greater_is_better=greater_is_better(race.plan.metric),
        tests=method.tests,
        said=method.said,
        caveat=_caveat(field, method),
        datasets=len({each.race.plan.dataset for each in field}),
        margin=None if ranked else race.margin,
        pairs=ranked.pairs if ranked else paired(field, corrected=method.holm),
        ranks=ranked.ranks if ranked else (),
        critical_difference=ranked.critical_difference if ranked else None,
        p_value=ranked.p_value if ranked else None,
    )


def _caveat(field: Sequence[Scored], method: Method) -> str | None:
    said = (method.caveat, _said_of_choice(field), _said_of_retired(field))
    return " ".join(sentence for sentence in said if sentence) or None


def _said_of_choice(field: Sequence[Scored]) -> str | None:
    names = {each.candidate for each in field}
    raced = {name for each in field for name in each.race.standings}
    if names == raced:
        return None
    return (
        f"{len(names)} of the {len(raced)} candidates that raced are compared: if they were chosen for how they did "
        "there, what is said of them sounds surer than it is."
    )


def _said_of_retired(field: Sequence[Scored]) -> str | None:
    names = dict.fromkeys(each.candidate for each in field if each.standing.retired is not None)
    if not names:
        return None
    return (
        f"Retired for what their first folds showed, and compared on these, which tells too much: {', '.join(names)}."
    )
