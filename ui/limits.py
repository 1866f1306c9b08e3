"""What may be served: limits, who is outside of them and why, and who is the best of those within."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.evaluation import Standing
from ui.ensembles import is_ensemble
from ui.frontier import answer_of, scores_of, size_of
from ui.verdicts import Board, brief

_MEGABYTE = 1e6
_NEVER = float("inf")


@dataclass(frozen=True)
class Limits:
    """What a candidate must keep to; by default nothing."""

    answer_ms: float | None = None
    """Milliseconds under which it answers one row, at the median."""
    megabytes: float | None = None
    """Million bytes under which its pipeline is, pickled."""
    ensembles: bool = True
    """Whether it may be an ensemble."""

    def __bool__(self) -> bool:
        """Return whether there is any limit."""
        return self != Limits()

    def __str__(self) -> str:
        """Return the limits in words.

        >>> str(Limits(5, 20, ensembles=False)), str(Limits(megabytes=0.5))
        ('under 5 ms, under 20 MB, no ensemble', 'under 0.5 MB')
        """
        said = (
            "" if self.answer_ms is None else f"under {self.answer_ms:g} ms",
            "" if self.megabytes is None else f"under {self.megabytes:g} MB",
            "" if self.ensembles else "no ensemble",
        )
        return ", ".join(filter(None, said))


NO_LIMITS = Limits()


def outside(standing: Standing, limits: Limits) -> str:
    """Return why a candidate is outside of the limits, as what is not known keeps to none; nothing if it is within."""
    return ", ".join(_reasons(standing, limits))


def best_within(board: Board, limits: Limits) -> Standing | None:
    """Return who has the best score of those within the limits, of equals the one that answers fastest, if anyone.

    Who was retired counts too, by how far it was behind.
    """
    scores = scores_of(board)
    sign = -1 if board.greater_is_better else 1
    within = [each for each in board.standings if each.candidate in scores and not outside(each, limits)]
    return min(within, key=lambda each: (sign * scores[each.candidate], _seconds(each)), default=None)


def limits_line(board: Board, limits: Limits) -> str:
    """Return who is the best within the limits and how far behind the best of all, or that nobody is within."""
    best = best_within(board, limits)
    if best is None:
        return f"nobody is within the limits ({limits})"
    so_far = "" if board.final else " so far"
    costs = "".join(f", {cost}" for cost in (answer_of(best), size_of(best)) if cost)
    return f"the best within the limits ({limits}){so_far} is {best.name}{costs}: {_beside_the_best(best, board)}"


def _beside_the_best(standing: Standing, board: Board) -> str:
    scores = scores_of(board)
    apart = abs(scores[standing.candidate] - (max if board.greater_is_better else min)(scores.values()))
    if not apart:
        return "nobody is better"
    verdict = brief(standing, board)
    return f"{apart:.4f} {board.metric} behind the best of all" + (f"; verdict: {verdict}" if verdict else "")


def _reasons(standing: Standing, limits: Limits) -> Iterator[str]:
    if limits.answer_ms is not None:
        if standing.answer_seconds is None:
            yield "answer time not known"
        elif standing.answer_seconds * 1000 >= limits.answer_ms:
            yield f"answers in {answer_of(standing)}"
    if limits.megabytes is not None:
        if standing.pipeline_bytes is None:
            yield "size not known"
        elif standing.pipeline_bytes / _MEGABYTE >= limits.megabytes:
            yield f"takes {size_of(standing)}"
    if not limits.ensembles:
        ensemble = is_ensemble(standing.candidate)
        if ensemble is None:
            yield "own class, so not known whether an ensemble"
        elif ensemble:
            yield "is an ensemble"


def _seconds(standing: Standing) -> float:
    return _NEVER if standing.answer_seconds is None else standing.answer_seconds
