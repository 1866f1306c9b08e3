"""Everything that the page knows, rebuilt from the first fact on."""

from collections.abc import Iterable
from typing import Any

from contracts.evaluation import LeaderboardUpdated
from contracts.ingest import DatasetRejected, DatasetVersionRegistered, IngestionInHand
from contracts.message import Event
from contracts.scheduler import TriggerFired, TriggerRemoved, TriggerSet
from contracts.serving import DeploymentReady, PredictionsLogged
from contracts.training import ExperimentRefused, ExperimentStarted, FitStarted
from infra.bus import Delivered
from ui.web.projections.ingestions import Ingestions
from ui.web.projections.race import Race
from ui.web.projections.rows import Row, dataset_row, deployment_row, milliseconds
from ui.web.projections.triggers import changed_triggers

KINDS = ("datasets", "experiments", "deployments", "triggers")


class World:
    """All that has rows, by kind and id, and whose rows changed since they were last told."""

    def __init__(self) -> None:
        self.races: dict[str, Race] = {}
        self._rows: dict[str, dict[str, Row]] = {kind: {} for kind in KINDS}
        self._ingestions = Ingestions()
        self._changed: set[tuple[str, str]] = set()

    def apply(self, delivered: Delivered) -> None:
        """Take in one fact or one sign of progress; those that the page does not show change nothing."""
        match delivered.message:
            case DatasetVersionRegistered() as fact:
                self._put("datasets", fact.name, dataset_row(fact, self._rows["datasets"].get(fact.name)))
                self._put_down(self._ingestions.end(fact))
            case DatasetRejected() as fact:
                self._put_down(self._ingestions.end(fact))
            case IngestionInHand() as sign:
                self._ingestions.hear(sign, milliseconds(delivered.envelope.time))
                self._changed.add(("ingestions", sign.ingestion_id))
            case DeploymentReady() as fact:
                self._put("deployments", fact.name, deployment_row(fact, self.races.get(fact.experiment_id)))
            case PredictionsLogged() as fact:
                self._count_predictions(fact)
            case TriggerSet() | TriggerRemoved() | TriggerFired() | ExperimentRefused() as fact:
                for row in changed_triggers(fact, self._rows["triggers"]):
                    self._put("triggers", row["id"], row)
            case ExperimentStarted() as fact:
                self.races[fact.experiment_id] = Race(fact)
                self._changed.add(("experiments", fact.experiment_id))
            case Event() | FitStarted() as message:
                self._pass_on(message, delivered)

    def look(self, silent_for: float, now: int) -> bool:
        """Find out which races are interrupted at ``now``, in milliseconds, and which ingestions are heard of no more.

        Return whether a state is new. Any worker's last sign of life came ``silent_for`` seconds ago.
        """
        new = {("experiments", race.id) for race in self.races.values() if race.look(silent_for, now)}
        new |= {("ingestions", key) for key in self._ingestions.look(now)}
        self._changed |= new
        return bool(new)

    def take_changes(self) -> tuple[dict[str, list[Row]], set[str]]:
        """Return the rows that changed since the last call, and the ids of the races that did."""
        changed, self._changed = self._changed, set()
        rows: dict[str, list[Row]] = {}
        for kind, key in sorted(changed):
            rows.setdefault(kind, []).append(self._row(kind, key))
        return rows, {key for kind, key in changed if kind == "experiments"}

    def all_rows(self) -> dict[str, list[Row]]:
        """Return every row, for a page that has just been opened."""
        kept: dict[str, list[Row]] = {kind: list(rows.values()) for kind, rows in self._rows.items()}
        kept["ingestions"] = self._ingestions.all()
        kept["experiments"] = [race.summary() for race in self.races.values()]
        return kept

    def _pass_on(self, message: Event | FitStarted, delivered: Delivered) -> None:
        race = self.races.get(getattr(message, "experiment_id", ""))
        if race is None:
            return
        if isinstance(message, LeaderboardUpdated):
            race.rank(message, milliseconds(delivered.envelope.time))
        else:
            race.apply(message)
        self._changed.add(("experiments", race.id))

    def _count_predictions(self, fact: PredictionsLogged) -> None:
        row = self._rows["deployments"].get(fact.name)
        if row is not None:
            self._put("deployments", fact.name, {**row, "answered": row["answered"] + fact.rows})

    def _put_down(self, keys: Iterable[str]) -> None:
        self._changed |= {("ingestions", key) for key in keys}

    def _put(self, kind: str, key: str, row: Row) -> None:
        self._rows[kind][key] = row
        self._changed.add((kind, key))

    def _row(self, kind: str, key: str) -> dict[str, Any]:
        if kind == "ingestions":
            return self._ingestions.row(key)
        return self.races[key].summary() if kind == "experiments" else self._rows[kind][key]
