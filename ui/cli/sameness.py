"""Whether leaderboards are the same, bit for bit; and if not, what differs."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from contracts.evaluation import Leaderboard, Standing
from contracts.message import Value

_ENDS = ("mean", "low", "high")


class ComparedBoard(Value):
    """One leaderboard beside the first."""

    source: str
    """The experiment's id, or the file that the leaderboard was read from."""
    digest: str
    """SHA-256 of all that must not differ: the same digest is the same board."""
    differs_in: tuple[str, ...]
    """What differs from the first: ids of candidates, or ``candidates``, ``order``, ``folds``, ``metric``, ``end``."""
    differences: tuple[str, ...]
    """The same in sentences, one for each number that differs."""
    largest: float | None
    """The largest difference of a score, mean or end of an interval; None if only something else differs."""


class Comparison(Value):
    """The answer of `trackside compare`."""

    same: bool
    boards: tuple[ComparedBoard, ...]


def compared(boards: Mapping[str, Leaderboard]) -> Comparison:
    """Compare leaderboards with the first of them: candidates, scores by fold, places, means, intervals and verdicts.

    What may differ from one run of a plan to the next, such as the time that its fits took, is left out.
    """
    (first, *_), found = boards.values(), []
    for source, board in boards.items():
        differences = [*_differences(first, board)]
        steps = [step for _, _, step in differences if step is not None]
        found.append(
            ComparedBoard(
                source=source,
                digest=digest_of(board),
                differs_in=tuple(dict.fromkeys(name for name, _, _ in differences)),
                differences=tuple(sentence for _, sentence, _ in differences),
                largest=0.0 if not differences else max(steps, default=None),
            )
        )
    return Comparison(same=len({board.digest for board in found}) == 1, boards=tuple(found))


def digest_of(board: Leaderboard) -> str:
    """Return the digest of all that must not differ; a number is told with each of its bits."""
    told = [_ending(board), [[each.candidate, *_told(each).items()] for each in board.standings]]
    return sha256(json.dumps(told).encode()).hexdigest()


def _differences(first: Leaderboard, board: Leaderboard) -> Iterator[tuple[str, str, float | None]]:
    """Return what differs: its name, a sentence, and how far two numbers are apart."""
    for (name, theirs), ours in zip(_ending(first).items(), _ending(board).values(), strict=True):
        if theirs != ours:
            yield name, f"{name}: {ours}, not {theirs}", None
    there, here = ({each.candidate: each for each in each_board.standings} for each_board in (first, board))
    for candidate in sorted(there.keys() ^ here.keys()):
        yield "candidates", f"{candidate} is {'new' if candidate in here else 'missing'}", None
    both = [candidate for candidate in there if candidate in here]
    if both != [candidate for candidate in here if candidate in there]:
        yield "order", f"order: {', '.join(here)}; not {', '.join(there)}", None
    for candidate in both:
        yield from _candidate_differences(there[candidate], here[candidate])


def _candidate_differences(first: Standing, standing: Standing) -> Iterator[tuple[str, str, float | None]]:
    pairs = zip_longest(_told(first).items(), _told(standing).items(), fillvalue=(None, None))
    for (known, theirs), (new, ours) in pairs:
        # As text, because 0.0 and -0.0 are equal, and not the same bits.
        if (known, repr(theirs)) == (new, repr(ours)):
            continue
        apart = abs(ours - theirs) if isinstance(ours, float) and isinstance(theirs, float) else None
        yield standing.candidate, f"{standing.candidate}, {new or known}: {ours}, not {theirs}", apart


def _ending(board: Leaderboard) -> dict[str, Any]:
    end = "cancelled" if board.cancelled else "final" if board.final else "not over"
    metric = f"{board.metric} ({'more' if board.greater_is_better else 'less'} is better)"
    return {"metric": metric, "folds": board.folds, "end": f"{end} after {board.fits_counted} fits"}


def _told(standing: Standing) -> dict[str, Any]:
    scores = {f"fold {fold}": score for fold, score in enumerate(standing.scores, start=1)}
    numbers = {name: getattr(standing, name) for name in _ENDS}
    counts = {"place": standing.place, "completed": standing.completed, "failed": standing.failed}
    verdict = standing.verdict.said if standing.verdict else None
    return {**counts, "retired": standing.retired, "verdict": verdict, **numbers, **scores}
