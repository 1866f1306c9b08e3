"""One race by a rule on a running platform, and what it took, read from its facts.

A fit that was ended since its candidate was retired meanwhile has no fact that says what it took. It is taken to have
worked from the sign that it was begun to the fact of the retirement, but no longer than the same fit takes that comes
to its end. That is never too little: a child has one thread.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from contracts.evaluation import CandidateRetired, GetLeaderboard, Leaderboard
from contracts.ids import CandidateId
from contracts.training import ExperimentTemplate, FitCompleted, FitFailed, FitStarted, Plan
from infra.bus import Bus, Delivered
from tests.bench.warm import DATASET, recorded
from ui.cli.connection import Connection
from ui.cli.train import started_experiment

Place = tuple[CandidateId, int]
"""A candidate and a fold."""


@dataclass(frozen=True)
class Refereed:
    """A race that is over."""

    plan: Plan
    fits: Sequence[FitCompleted]
    retired: Mapping[CandidateId, int]
    """After how many folds a candidate was retired."""
    killed: Mapping[Place, float]
    """Seconds for which a worker had a fit in hand when its candidate was retired."""
    board: Leaderboard

    @property
    def winner(self) -> CandidateId:
        """Return the candidate that was refitted."""
        return self.board.standings[0].candidate

    @property
    def owed_seconds(self) -> float:
        """Return the processor time of the fits that the standings count."""
        return sum(fit.cpu_seconds for fit in self.fits if self._is_owed(fit))

    @property
    def took(self) -> Mapping[Place, float]:
        """Return the processor time of each fit."""
        return {(fit.candidate, fit.fold): fit.cpu_seconds for fit in self.fits}

    def ahead_seconds(self, took: Mapping[Place, float]) -> float:
        """Return the processor time that workers spent on candidates before they heard of their retirement.

        Args:
            took: what fits take that come to their end: one that was ended took no longer.
        """
        beyond = sum(fit.cpu_seconds for fit in self.fits if not self._is_owed(fit))
        return beyond + sum(min(seconds, took.get(place, seconds)) for place, seconds in self.killed.items())

    def _is_owed(self, fit: FitCompleted) -> bool:
        return fit.fold < self.retired.get(fit.candidate, self.plan.folds)


async def refereed(connection: Connection, template: ExperimentTemplate) -> Refereed:
    """Race by the template's rule until MLflow has the winner, and return what happened."""
    bus, signs = connection.bus, list[Delivered]()
    listening = asyncio.create_task(_listen(bus, signs))
    try:
        started = await started_experiment(bus, DATASET, template)
        await recorded(connection, started.experiment_id)
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
    kinds, key = (FitCompleted, FitFailed, CandidateRetired), started.experiment_id
    facts = [fact async for fact in bus.facts(*kinds, key=key, stop_when_idle=True)]
    mine = [sign for sign in signs if isinstance(sign.message, FitStarted) and sign.message.experiment_id == key]
    return Refereed(
        plan=started.plan,
        fits=[fact.message for fact in facts if isinstance(fact.message, FitCompleted)],
        retired={said.candidate: said.folds for fact in facts if isinstance(said := fact.message, CandidateRetired)},
        killed=dict(killed(mine, facts)),
        board=await bus.ask(GetLeaderboard(experiment_id=key)),
    )


def killed(signs: Sequence[Delivered], facts: Sequence[Delivered]) -> Iterator[tuple[Place, float]]:
    """Yield each fit that was begun and has no outcome, and the seconds until its candidate was retired.

    Args:
        signs: that fits were begun.
        facts: outcomes of fits, and retirements.
    """
    over = {(said.candidate, said.fold) for fact in facts if isinstance(said := fact.message, FitCompleted | FitFailed)}
    ends = {said.candidate: fact.envelope.time for fact in facts if isinstance(said := fact.message, CandidateRetired)}
    for sign in signs:
        begun = sign.message
        if isinstance(begun, FitStarted) and (begun.candidate, begun.fold) not in over and begun.candidate in ends:
            seconds = (ends[begun.candidate] - sign.envelope.time).total_seconds()
            yield (begun.candidate, begun.fold), max(seconds, 0.0)


async def _listen(bus: Bus, signs: list[Delivered]) -> None:
    """Keep each sign as it comes, since it is told once."""
    async for sign in bus.signs():
        signs.append(sign)  # noqa: PERF401 - a comprehension would keep nothing when it is cancelled
