"""The scheduler's own state: triggers, and what each has fired for."""

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, delete, func, insert, select, update

from contracts.ids import ExperimentId, TriggerId
from contracts.scheduler import TriggerFired
from contracts.training import ExperimentTemplate
from infra.state import Transaction
from services.scheduler.domain.trigger import Trigger

METADATA = MetaData()

_triggers = Table(
    "triggers",
    METADATA,
    Column("trigger_id", String(128), primary_key=True),
    Column("dataset", String(63), nullable=False),
    Column("template", Text, nullable=False),
)
_firings = Table(
    "trigger_firings",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("trigger_id", String(128), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("refusal", Text),
)


class TriggerStore:
    """Triggers, and the firings that outlive them: a trigger set anew does not fire twice for one version."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, trigger: Trigger) -> None:
        """Keep a trigger, in the place of the one of the same id."""
        values = {"dataset": trigger.dataset, "template": trigger.template.model_dump_json()}
        query = update(_triggers).where(_triggers.c.trigger_id == trigger.trigger_id).values(values)
        if not self._transaction.execute(query).rowcount:
            self._transaction.execute(insert(_triggers).values(trigger_id=trigger.trigger_id, **values))

    def remove(self, trigger_id: TriggerId) -> bool:
        """Forget a trigger; return whether it was there."""
        query = delete(_triggers).where(_triggers.c.trigger_id == trigger_id)
        return self._transaction.execute(query).rowcount == 1

    def all(self, dataset: str | None = None) -> list[Trigger]:
        """Return the triggers of a dataset, or all of them by dataset."""
        query = select(_triggers).order_by(_triggers.c.dataset, _triggers.c.trigger_id)
        if dataset is not None:
            query = query.where(_triggers.c.dataset == dataset)
        return [
            Trigger(
                row.trigger_id, row.dataset, ExperimentTemplate.model_validate_json(row.template), *self._past(row[0])
            )
            for row in self._transaction.execute(query).all()
        ]

    def has_fired(self, experiment_id: ExperimentId) -> bool:
        """Return whether a trigger has fired for this experiment, whose id follows from trigger and version."""
        query = select(_firings.c.place).where(_firings.c.experiment_id == experiment_id)
        return self._transaction.execute(query).first() is not None

    def remember_fired(self, fact: TriggerFired) -> None:
        """Keep that a trigger has fired for a version."""
        if self.has_fired(fact.experiment_id):
            return
        fired, *_ = self._past(fact.trigger_id)
        firing = {"trigger_id": fact.trigger_id, "experiment_id": fact.experiment_id, "place": fired + 1}
        self._transaction.execute(insert(_firings).values(firing))

    def remember_refused(self, experiment_id: ExperimentId, cause: str) -> None:
        """Keep why an experiment did not start; one that no trigger fired for changes nothing."""
        query = update(_firings).where(_firings.c.experiment_id == experiment_id)
        self._transaction.execute(query.values(refusal=cause))

    def _past(self, trigger_id: TriggerId) -> tuple[int, ExperimentId | None, str | None]:
        """Return how often a trigger has fired, its last experiment, and why that did not start."""
        mine = _firings.c.trigger_id == trigger_id
        fired = self._transaction.execute(select(func.count()).where(mine)).scalar_one()
        latest = select(_firings.c.experiment_id, _firings.c.refusal).where(mine)
        last = self._transaction.execute(latest.order_by(_firings.c.place.desc()).limit(1)).first()
        return (fired, last.experiment_id, last.refusal) if last else (fired, None, None)
