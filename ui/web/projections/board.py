"""The leaderboard of one experiment: every candidate of the plan, standing or still waiting."""

from contracts.evaluation import LeaderboardUpdated, Standing
from contracts.plans import raced_folds
from contracts.training import FitCompleted, FitFailed, FitStarted, Plan
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
        self._greater_is_better = True
        self._final = False

    def begin(self, sign: FitStarted) -> None:
        """Note which fit ``sign.worker`` has in its hands: one at a time."""
        standing = self._standings.get(sign.candidate)
        if standing is None or sign.fold >= len(standing.scores) or standing.scores[sign.fold] is None:
            self._hands[sign.worker] = (str(sign.candidate), sign.fold)

    def finish(self, fit: FitCompleted | FitFailed) -> None:
        """Forget a fit that has its outcome."""
        done = (str(fit.candidate), fit.fold)
        self._hands = {worker: held for worker, held in self._hands.items() if held != done}

    def rest(self) -> None:
        """Forget every fit in hand: the experiment has ended."""
        self._hands.clear()

    def rank(self, update: LeaderboardUpdated, elapsed: int) -> Standing | None:
        """Take in new standings, ``elapsed`` milliseconds after the start; return the leader if it is a new one."""
        before = self.leader()
        self._standings = {str(standing.candidate): standing for standing in update.standings}
        ranked = [str(standing.candidate) for standing in update.standings]
        self._order = [*ranked, *(candidate for candidate in self._order if candidate not in self._standings)]
        self._greater_is_better = update.greater_is_better
        self._final = update.final
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

    def detail(self, *, ended: bool) -> Row:
        """Return the rows of the board, the best first, and how the lead changed."""
        return {
            "greater_is_better": self._greater_is_better,
            "final": self._final,
            "board": [self._row(candidate, ended=ended) for candidate in self._order],
            "best": list(self._best),
        }

    def _row(self, candidate: str, *, ended: bool) -> Row:
        standing = self._standings.get(candidate)
        running = sorted(fold for held, fold in self._hands.values() if held == candidate)
        row: Row = {
            "candidate": candidate,
            "name": self._names.get(candidate, candidate),
            "place": None, "mean": None, "low": None, "high": None, "scores": [],
            "fit_seconds": 0.0, "completed": 0, "failed": 0, "problem": None,
        }  # fmt: skip
        if standing is not None:
            row |= standing.model_dump(include=set(row), mode="json")
        state = _state(row["completed"], row["failed"], raced_folds(self._plan), running=bool(running), ended=ended)
        return {**row, "state": state, "running": running, "slot": self._slots.get(candidate)}

    def _first(self) -> Standing | None:
        return next((standing for standing in self._standings.values() if standing.place == 1), None)

    def _give_colours(self) -> None:
        leaders = [key for key, standing in self._standings.items() if standing.place is not None][:COLOURED]
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


def _state(completed: int, failed: int, folds: int, *, running: bool, ended: bool) -> str:
    """Return what a candidate does: running, waiting, partial, done, failed or stopped."""
    if running:
        return "running"
    if failed and not completed:
        return "failed"
    if completed + failed >= folds:
        return "done"
    if ended:
        return "stopped"
    return "partial" if completed + failed else "waiting"
