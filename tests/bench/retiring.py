"""What retiring candidates early takes until there is a winner, in processor time, to a race of all folds by all.

For each dataset two platforms one after the other, with two workers and all of PyCaret's candidates that a plan offers:
one races by ``careful``, and makes all of its fits; one races all folds. The second is there since fits with the same
content are made once: after another race the children would be set up and the folds preprocessed twice, and all folds
would look dearer than they are.

Of ``careful`` all work is counted: what a worker did for a candidate before it heard of its retirement, and fits that
were ended in mid-work. The race by ``fast`` follows on the first platform. Nearly all of its fits are there already,
with what they took at first, so that nobody runs ahead; what ``careful`` spent on that is added for it, in proportion
to the candidates that each retired.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from contracts.evaluation import Leaderboard
from contracts.ids import CandidateId
from contracts.training import ExperimentTemplate
from tests.bench.refereed import Refereed, refereed
from tests.bench.shipped import LARGE, SHIPPED, Shipped
from tests.bench.warm import warm

Rule = Literal["careful", "fast", "full"]

RULES: tuple[Rule, ...] = ("careful", "fast")
_FOLDS = 10
_WORKERS = 2


@dataclass(frozen=True)
class Retired:
    """What became of one dataset's races."""

    name: str
    careful: Refereed
    fast: Refereed
    full: Refereed

    @property
    def seconds(self) -> float:
        """Return the processor time of the race of all folds."""
        return self.full.owed_seconds

    @property
    def ahead(self) -> float:
        """Return the processor time that ``careful`` spent on candidates that were retired meanwhile."""
        return self.careful.ahead_seconds(self.full.took)

    @property
    def cpu(self) -> Mapping[str, float]:
        """Return by rule its processor time to that of the race of all folds."""
        each = self.ahead / max(len(self.careful.retired), 1)
        return {
            "careful": (self.careful.owed_seconds + self.ahead) / self.seconds,
            "fast": (self.fast.owed_seconds + each * len(self.fast.retired)) / self.seconds,
        }

    @property
    def fits(self) -> Mapping[str, float]:
        """Return by rule the share of the plan's fits that it owes."""
        planned = len(self.full.plan.candidates) * self.full.plan.folds
        return {rule: 1 - race.board.fits_saved / planned for rule, race in self._races.items()}

    @property
    def verdicts(self) -> Mapping[str, str]:
        """Return by rule what it says of the one who wins if nobody is retired; see ``said_of``."""
        return {rule: said_of(race.board, self.full.winner) for rule, race in self._races.items()}

    @property
    def _races(self) -> Mapping[str, Refereed]:
        return {"careful": self.careful, "fast": self.fast}


def measure(names: Iterable[str] = SHIPPED) -> dict[str, float | None]:
    """Return the share of processor time by rule and dataset, and the medians over the large ones."""
    done = []
    for name in names:
        done.append(asyncio.run(_retired(name, SHIPPED[name])))
        sys.stdout.write(told(done[-1]) + "\n")
        sys.stdout.flush()
    return ratios_of(done)


def told(done: Retired) -> str:
    """Return what became of one dataset's races in a line."""
    plan, ahead = done.full.plan, done.ahead / done.seconds
    rules = "; ".join(
        f"{rule} {done.cpu[rule]:.3f} of it and {done.fits[rule]:.3f} of the fits, best {done.verdicts[rule]}"
        for rule in RULES
    )
    return (
        f"{done.name:<20}{plan.rows:>6} rows, {len(plan.candidates)} candidates, {plan.metric}, {done.seconds:.1f} s: "
        f"{rules}; {ahead:.3f} ahead, fits ended: {len(done.careful.killed)}"
    )


def ratios_of(done: Iterable[Retired]) -> dict[str, float | None]:
    """Return the figures by name: of each dataset the share of processor time, over all of them what sums it up."""
    done = tuple(done)
    large = [each for each in done if each.name in LARGE]
    ratios: dict[str, float | None] = {}
    for rule in RULES:
        ratios |= {f"retiring_{rule}_{each.name}": round(each.cpu[rule], 3) for each in done}
        ratios[f"retiring_{rule}_median"] = _median(each.cpu[rule] for each in large)
        ratios[f"retiring_{rule}_fits_median"] = _median(each.fits[rule] for each in large)
        ratios[f"retiring_{rule}_best_lost"] = sum(each.verdicts[rule] == "lost" for each in done)
    return ratios


def said_of(board: Leaderboard, best: CandidateId) -> str:
    """Return what a board says of the one who wins if nobody is retired.

    It ``wins`` here too, or is ``tied`` with the winner, or was retired as ``no better`` by more than the margin; all
    else is ``lost``.
    """
    if board.standings[0].candidate == best:
        return "wins"
    [verdict] = [standing.verdict for standing in board.standings if standing.candidate == best]
    kind = verdict.kind if verdict else None
    return {"tied": "tied", "no_better": "no better"}.get(kind or "", "lost")


async def _retired(name: str, shipped: Shipped) -> Retired:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        shipped.write(file)
        careful, fast = await _raced(file, shipped, *RULES)
        [full] = await _raced(file, shipped, "full")
    return Retired(name, careful, fast, full)


async def _raced(file: Path, shipped: Shipped, *rules: Rule) -> list[Refereed]:
    """Race by some rules, one after the other, on a platform of their own."""
    template = ExperimentTemplate(target=shipped.target, task=shipped.task, folds=_FOLDS)
    async with warm(file, shipped.target, _WORKERS, shipped.task) as platform:
        return [await refereed(platform.connection, template.model_copy(update={"rule": rule})) for rule in rules]


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(statistics.median(known), 3) if known else None
