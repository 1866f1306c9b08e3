"""What candidates of races that are over were scored on, and who of them is compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from contracts.evaluation import Leaderboard, Standing
from contracts.ids import CandidateId
from contracts.training import Plan
from ml.comparisons import Evidence
from ml.margins import margin_of
from services.evaluation.domain.board import Board
from services.evaluation.domain.errors import NeverScored, NobodyWhole, QuestionsDiffer, RaceNotOver, UnknownCandidate


@dataclass(frozen=True)
class Race:
    """A race that is over."""

    plan: Plan
    board: Leaderboard

    @property
    def question(self) -> str:
        """Return in words what was asked, and how the answers were scored."""
        return f"{self.plan.task} by {self.plan.metric}"

    @property
    def split(self) -> str:
        """Return in words what tells its folds from any other of the dataset version."""
        plan = self.plan
        if plan.forecast is not None:
            steps = f"{plan.folds} folds of {plan.forecast.horizon} steps ordered by {plan.forecast.time!r}"
            return f"{steps} to foretell {plan.target!r}"
        kept = f" grouped by {plan.groups!r}" if plan.groups else ""
        aim = f" to predict {plan.target!r}" if plan.target else f" of {plan.task}"
        return f"{plan.folds} folds of seed {plan.seed}{kept}{aim}"

    @property
    def margin(self) -> float:
        """Return the difference that is the same for practice, in the metric's own scale."""
        if self.plan.margin is not None:
            return self.plan.margin
        if self.board.margin is not None:
            return self.board.margin
        return margin_of(self.plan.metric, self.board.standings[0].mean or 0.0)

    @cached_property
    def standings(self) -> Mapping[CandidateId, Standing]:
        """Return each candidate's standing."""
        return {standing.candidate: standing for standing in self.board.standings}

    def whole(self) -> Iterator[CandidateId]:
        """Yield who has a score on every fold, the best first."""
        for standing in self.board.standings:
            if None not in standing.scores:
                yield standing.candidate

    def rows_of(self, folds: int) -> int:
        """Return how many rows are kept out by so many of the folds, all together."""
        if self.plan.forecast is not None:
            return folds * self.plan.forecast.horizon
        return self.plan.rows * folds // self.plan.folds


@dataclass(frozen=True)
class Scored:
    """One candidate in one race."""

    race: Race
    standing: Standing

    @property
    def candidate(self) -> CandidateId:
        """Return whose scores these are."""
        return self.standing.candidate

    @cached_property
    def scores(self) -> Mapping[int, float]:
        """Return the metric by fold, in its own scale, where there is a score."""
        return {fold: score for fold, score in enumerate(self.standing.scores) if score is not None}

    @property
    def evidence(self) -> Evidence:
        """Return what it was scored on."""
        plan = self.race.plan
        return Evidence(
            self.candidate,
            dataset=plan.dataset,
            version=plan.dataset_version,
            split=self.race.split,
            kind="folds",
            rows=self.race.rows_of(len(self.scores)),
        )


def scored(boards: Sequence[Board], named: Sequence[CandidateId]) -> list[Scored]:
    """Return each candidate that is compared, in each of the races that it was in.

    Args:
        boards: the races, each once.
        named: whom to compare; if empty, who has a score on every fold, on each dataset.

    Raises:
        RaceNotOver, QuestionsDiffer: if the races cannot be looked at together.
        UnknownCandidate, NeverScored, NobodyWhole: if there are no such candidates.
    """
    for board in boards:
        if not board.is_final:
            raise RaceNotOver(board.started.experiment_id)
    races = [Race(board.started.plan, board.leaderboard()) for board in boards]
    for race in races:
        if race.question != races[0].question:
            first = races[0]
            raise QuestionsDiffer(first.board.experiment_id, first.question, race.board.experiment_id, race.question)
    chosen = tuple(dict.fromkeys(named)) or _whole(races)
    _check_known(chosen, races)
    found = [Scored(race, race.standings[name]) for race in races for name in chosen if name in race.standings]
    for each in found:
        if not each.scores:
            raise NeverScored(each.candidate, each.race.board.experiment_id)
    return found


def _whole(races: Sequence[Race]) -> tuple[CandidateId, ...]:
    by_dataset: dict[str, list[CandidateId]] = {}
    for race in races:
        by_dataset.setdefault(race.plan.dataset, []).extend(race.whole())
    first, *others = by_dataset.values()
    found = tuple(name for name in dict.fromkeys(first) if all(name in other for other in others))
    if len(found) < 2:
        raise NobodyWhole(found)
    return found


def _check_known(names: Sequence[CandidateId], races: Sequence[Race]) -> None:
    known = tuple(dict.fromkeys(chain.from_iterable(race.standings for race in races)))
    for name in names:
        if name not in known:
            raise UnknownCandidate(name, known)
