"""The rows of the triggers: what waits, how often it fired, and what came of the last time."""

from collections.abc import Mapping

from contracts.scheduler import TriggerFired, TriggerRemoved, TriggerSet
from contracts.training import ExperimentRefused
from ui.web.projections.rows import Row

_NEW: Row = {"fired": 0, "last": None, "refusal": None}

TriggerFact = TriggerSet | TriggerRemoved | TriggerFired | ExperimentRefused


def changed_triggers(fact: TriggerFact, known: Mapping[str, Row]) -> list[Row]:
    """Return the rows of triggers that ``fact`` changes, as they are after it."""
    match fact:
        case TriggerSet():
            return [_waiting(fact, known.get(fact.trigger_id, _NEW))]
        case TriggerRemoved():
            return [row | {"waits": False} for row in known.values() if row["id"] == fact.trigger_id]
        case TriggerFired():
            rows = [row for row in known.values() if row["id"] == fact.trigger_id]
            return [row | {"fired": row["fired"] + 1, "last": fact.experiment_id, "refusal": None} for row in rows]
        case ExperimentRefused():
            return [row | {"refusal": fact.cause} for row in known.values() if row["last"] == fact.experiment_id]


def _waiting(fact: TriggerSet, before: Row) -> Row:
    target = fact.template.target or fact.template.task.replace("_", " ")
    return before | {"id": fact.trigger_id, "dataset": fact.dataset, "target": target, "waits": True}
