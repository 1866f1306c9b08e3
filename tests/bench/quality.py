"""How good the best model is after some minutes on two cores: the platform's, FLAML's and AutoGluon's, side by side.

All learn from the same rows one after the other, and are scored by one function on the same holdout. A tool may end
before its time is spent: the seconds are printed too.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench import ours
from tests.bench.answers import Answers, score, spread
from tests.bench.peer import PEERS, PeerMissing
from tests.bench.question import Question, asked

CORES = 2
_OURS = "trackside"


@dataclass(frozen=True)
class Reached:
    """What a tool came to on one question, or why it did not."""

    tool: str
    score: float | None = None
    spread: float | None = None
    """The score's standard error, for want of more rows in the holdout."""
    seconds: float | None = None
    winner: str = ""
    reason: str = ""


def measure(names: Iterable[str], seconds: float, environments: Path) -> dict[str, float | None]:
    """Return each tool's score and seconds on each question, and ours as a ratio to the best of the others."""
    ratios: dict[str, float | None] = {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            question = asked(name, Path(folder))
            sys.stdout.write(f"{name}, {question.metric} on {len(question.truth)} rows that nobody saw\n")
            reached = []
            for tool, answers in _tools(question, seconds, environments, Path(folder)).items():
                reached.append(_reached(tool, answers, question))
                sys.stdout.write(told(reached[-1]) + "\n")
                sys.stdout.flush()
            ratios |= ratios_of(name, reached)
    return ratios


def told(reached: Reached) -> str:
    """Return what a tool came to in a line."""
    if reached.score is None:
        return f"  {reached.tool:<12}not measured: {reached.reason}"
    score = f"{reached.score:.4f} ± {reached.spread:.4f}"
    return f"  {reached.tool:<12}{score} after {reached.seconds:.0f} s, by {reached.winner}"


def ratios_of(question: str, reached: Iterable[Reached]) -> dict[str, float | None]:
    """Return the figures of one question by name; a tool that was not measured has None."""
    ratios: dict[str, float | None] = {}
    scores = {}
    for each in reached:
        ratios[f"quality_{question}_{each.tool}"] = None if each.score is None else round(each.score, 4)
        ratios[f"quality_{question}_{each.tool}_seconds"] = None if each.seconds is None else round(each.seconds, 1)
        if each.score is not None:
            scores[each.tool] = each.score
    mine = scores.pop(_OURS, None)
    best = max(scores.values(), default=None)
    ratio = None if mine is None or best is None else round(mine / best, 4)
    return {**ratios, f"quality_{question}_to_best_other": ratio}


def _tools(question: Question, seconds: float, environments: Path, folder: Path) -> Mapping[str, Callable[[], Answers]]:
    peers = {peer.name: partial(peer.answers, question, seconds, CORES, environments, folder) for peer in PEERS}
    return {_OURS: partial(ours.answers, question, seconds, CORES), **peers}


def _reached(tool: str, answers: Callable[[], Answers], question: Question) -> Reached:
    try:
        said = answers()
    except (PeerMissing, ours.NoWinner) as error:
        return Reached(tool, reason=str(error))
    against = (question.metric, question.truth, said)
    return Reached(tool, score(*against), spread(*against), said.seconds, said.winner)
