"""Score against what it costs to serve: who is on the Pareto front, in the same words in the terminal and on the page.

On the front is whoever nobody else beats in both: a better score, and a faster answer or a smaller pipeline.
"""

from collections.abc import Iterator, Mapping
from statistics import fmean
from typing import Literal

from contracts.evaluation import Standing
from ui.verdicts import Board

Cost = Literal["answer", "size"]

_THOUSANDS = (("kB", 1e3), ("MB", 1e6), ("GB", 1e9))


def scores_of(board: Board) -> dict[str, float]:
    """Return the score by which each candidate can be compared with every other; who has none such is left out.

    It is the mean over the folds that all who still race have, and for those who are tied that of the best of them. A
    retired candidate has fewer folds, so it stands as far behind whom it was compared with as its verdict says. One
    that lost a fold can be compared only if all did.
    """
    means = _means_of_live(board)
    gone = (each for each in board.standings if each.retired is not None)
    # Whom one was compared with raced on, so with the last retired first its score is there when it is needed.
    for each in sorted(gone, key=lambda each: -(each.retired or 0)):
        verdict = each.verdict
        if verdict is not None and verdict.behind is not None and verdict.against in means:
            means[each.candidate] = means[verdict.against] - _sign(board) * verdict.behind
    tied = [each.candidate for each in board.standings if _is(each, "tied") and each.candidate in means]
    best = max((means[each] for each in tied), key=lambda mean: _sign(board) * mean, default=0.0)
    return means | dict.fromkeys(tied, best)


def front_of(board: Board, cost: Cost) -> list[Standing]:
    """Return who is on the front of score and one ``cost``, the cheapest first.

    Who was retired as beaten is not on it, nor who has no score to compare, nor whose cost is not known.
    """
    scores = scores_of(board)
    field = [
        (known, -_sign(board) * scores[each.candidate], each)
        for each in board.standings
        if each.candidate in scores
        and (known := cost_of(each, cost)) is not None
        and not (each.retired is not None and _is(each, "beaten"))
    ]
    front: list[tuple[float, float, Standing]] = []
    for entry in sorted(field, key=lambda entry: entry[:2]):
        if not front or entry[1] < front[-1][1] or entry[:2] == front[-1][:2]:
            front.append(entry)
    return [standing for *_, standing in front]


def front_lines(board: Board) -> Iterator[str]:
    """Yield who is on each front, the cheapest first; nothing where nobody's cost is known."""
    fastest, smallest = front_of(board, "answer"), front_of(board, "size")
    if fastest:
        yield f"front of score and answer time: {', '.join(f'{each.name} {answer_of(each)}' for each in fastest)}"
    if smallest:
        yield f"front of score and size: {', '.join(f'{each.name} {size_of(each)}' for each in smallest)}"


def marks_of(board: Board) -> Mapping[str, str]:
    """Return on which front a candidate is, in a word: ``time``, ``size`` or ``both``; who is on none is left out."""
    fastest, smallest = ({str(each.candidate) for each in front_of(board, cost)} for cost in ("answer", "size"))
    alone = dict.fromkeys(fastest, "time") | dict.fromkeys(smallest, "size")
    return alone | dict.fromkeys(fastest & smallest, "both")


def cost_of(standing: Standing, cost: Cost) -> float | None:
    """Return what a candidate costs: seconds to answer one row, or bytes of its pipeline; None if it is not known."""
    return standing.answer_seconds if cost == "answer" else standing.pipeline_bytes


def answer_of(standing: Standing) -> str:
    """Return in which time a candidate answers one row; nothing if that is not known."""
    return "" if standing.answer_seconds is None else time_in_words(standing.answer_seconds)


def size_of(standing: Standing) -> str:
    """Return how large a candidate's pipeline is; nothing if that is not known."""
    return "" if standing.pipeline_bytes is None else size_in_words(standing.pipeline_bytes)


def time_in_words(seconds: float) -> str:
    """Return a short time, to two digits or the whole millisecond.

    >>> [time_in_words(seconds) for seconds in (0.00042, 0.00214, 0.0367, 1.234)]
    ['0.42 ms', '2.1 ms', '37 ms', '1.2 s']
    """
    if seconds >= 0.9995:
        return f"{seconds:.1f} s"
    return f"{_two_digits(1000 * seconds)} ms"


def size_in_words(count: float) -> str:
    """Return a number of bytes, to two digits or the whole unit; a kilobyte is a thousand of them.

    >>> [size_in_words(count) for count in (730, 4_210, 36_700_000, 1_234_000_000)]
    ['0.73 kB', '4.2 kB', '37 MB', '1.2 GB']
    """
    name, unit = next((step for step in reversed(_THOUSANDS) if count >= 0.9995 * step[1]), _THOUSANDS[0])
    return f"{_two_digits(count / unit)} {name}"


def _means_of_live(board: Board) -> dict[str, float]:
    live = [each for each in board.standings if each.retired is None and each.mean is not None]
    field = [each for each in live if not _has_lost(each)] or live
    by_fold = [scores for scores in zip(*(each.scores for each in field), strict=True) if None not in scores]
    if not by_fold:
        return {each.candidate: each.mean for each in field if each.mean is not None}
    means = (fmean(score for score in scores if score is not None) for scores in zip(*by_fold, strict=True))
    return {each.candidate: mean for each, mean in zip(field, means, strict=True)}


def _has_lost(standing: Standing) -> bool:
    """Return whether a fold has an outcome of the candidate, but no score."""
    return standing.completed + standing.failed > sum(score is not None for score in standing.scores)


def _is(standing: Standing, kind: str) -> bool:
    return standing.verdict is not None and standing.verdict.kind == kind


def _sign(board: Board) -> int:
    return 1 if board.greater_is_better else -1


def _two_digits(value: float) -> str:
    return f"{value:.0f}" if value >= 9.95 else f"{float(f'{value:.2g}'):g}"
