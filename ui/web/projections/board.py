"""The leaderboard of one experiment: every candidate of the plan, standing or still waiting."""

from contracts.evaluation import CandidateRetired, LeaderboardUpdated, Standing
from contracts.plans import raced_folds
from contracts.training import FitCompleted, FitFailed, FitStarted, Plan
from ui.frontier import front_lines
from ui.web.projections.costs import cost_rows
from ui.web.projections.referee import SILENT, referee_row, verdict_row
from ui.web.projections.rows import Row

COLOURED = 3
"""How many leaders have a colour of their own."""


class Board:
    """Standings as evaluation states them, and the fits that are in a worker's hands."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._standings: dict[str, Standing] = {}
        self._order: list[str] = [str(candidate.id) for candidate in plan.candidates]
        self._names = {str(candidate.id): candidate.name for candidate in plan.candidates}
        self._hands: dict[str, tuple[str, int]] = {}
        self._slots: dict[str, int] = {}
        self._best: list[Row] = []
        self._update: LeaderboardUpdated | None = None

    def begin(self, sign: FitStarted) -> None:
        """Note which fit ``sign.worker`` has in its hands: one at a time."""
        standing = self._standings.get(sign.candidate)
        if standing is None or sign.fold >= len(standing.scores) or standing.scores[sign.fold] is None:
            self._hands[sign.worker] = (str(sign.candidate), sign.fold)

    def finish(self, fit: FitCompleted | FitFailed) -> None:
        """Forget a fit that has its outcome."""
        done = (str(fit.candidate), fit.fold)
        self._hands = {worker: held for worker, held in self._hands.items() if held != done}

    def drop(self, retired: CandidateRetired) -> None:
        """Forget what workers have in hand for a candidate that was retired, as nothing more is said of that."""
        self._hands = {
            worker: (candidate, fold)
            for worker, (candidate, fold) in self._hands.items()
            if candidate != retired.candidate or fold < retired.folds
        }

    def rest(self) -> None:
        """Forget every fit in hand: the experiment has ended."""
        self._hands.clear()

    def rank(self, update: LeaderboardUpdated, elapsed: int) -> Standing | None:
        """Take in new standings, ``elapsed`` milliseconds after the start; return the leader if it is a new one."""
        before = self.leader()
        self._standings = {str(standing.candidate): standing for standing in update.standings}
        ranked = [str(standing.candidate) for standing in update.standings]
        self._order = [*ranked, *(candidate for candidate in self._order if candidate not in self._standings)]
        self._update = update
        self._give_colours()
        return self._note_best(before, elapsed)

    def leader(self) -> Row | None:
        """Return who has the first place, if anyone."""
        first = self._first()
        if first is None:
            return None
        return {
            "candidate": first.candidate,
            "name": first.name,
            "mean": first.mean,
            "low": first.low,
            "high": first.high,
        }

    @property
    def saved(self) -> int:
        """Return how many fits of the plan need not be made, since their candidate is retired."""
        return 0 if self._update is None else self._update.fits_saved

    def counts(self, candidate: str, fold: int) -> bool:
        """Return whether a fit counts: what a candidate ran ahead of its retirement does not."""
        standing = self._standings.get(candidate)
        return standing is None or standing.retired is None or fold < standing.retired

    def detail(self, *, ended: bool) -> Row:
        """Return the rows of the board, the best first, and how the lead changed."""
        update = self._update
        fits = len(self._names) * raced_folds(self._plan)
        costs = {} if update is None else cost_rows(update)
        return {
            "greater_is_better": update is None or update.greater_is_better,
            "final": update is not None and update.final,
            "referee": SILENT if update is None else referee_row(update, fits),
            "board": [{**self._row(key, ended=ended), "cost": costs.get(key)} for key in self._order],
            "fronts": [] if update is None else list(front_lines(update)),
            "best": list(self._best),
        }

    def _row(self, candidate: str, *, ended: bool) -> Row:
        standing = self._standings.get(candidate)
        running = sorted(fold for held, fold in self._hands.values() if held == candidate)
        row: Row = {
            "candidate": candidate,
            "name": self._names.get(candidate, candidate),
            "place": None, "mean": None, "low": None, "high": None, "scores": [],
            "fit_seconds": 0.0, "completed": 0, "failed": 0, "problem": None, "retired": None,
        }  # fmt: skip
        verdict = None
        if standing is not None and self._update is not None:
            row |= standing.model_dump(include=set(row), mode="json")
            verdict = verdict_row(standing, self._update)
        state = _state(row, raced_folds(self._plan), running=bool(running), ended=ended)
        return {**row, "verdict": verdict, "state": state, "running": running, "slot": self._slots.get(candidate)}

    def _first(self) -> Standing | None:
        return next((standing for standing in self._standings.values() if standing.place == 1), None)

    def _give_colours(self) -> None:
        racing = (each for each in self._standings.items() if each[1].place is not None and each[1].retired is None)
        leaders = [key for key, _ in racing][:COLOURED]
        self._slots = {key: slot for key, slot in self._slots.items() if key in leaders}  # a leader keeps its colour
        for key in leaders:
            if key not in self._slots:
                self._slots[key] = next(slot for slot in range(COLOURED) if slot not in self._slots.values())

    def _note_best(self, before: Row | None, elapsed: int) -> Standing | None:
        first, leader = self._first(), self.leader()
        if first is None or leader is None or leader == before:
            return None
        new = before is None or before["candidate"] != leader["candidate"]
        self._best.append({**leader, "seconds": elapsed / 1000, "new": new})
        return first if new else None


def _state(row: Row, folds: int, *, running: bool, ended: bool) -> str:
    """Return what a candidate does: retired, running, waiting, partial, done, failed or stopped."""
    completed, failed = row["completed"], row["failed"]
    if row["retired"] is not None:
        return "retired"
    if running:
        return "running"
    if failed and not completed:
        return "failed"
    if completed + failed >= folds:
        return "done"
    if ended:
        return "stopped"
    return "partial" if completed + failed else "waiting"
