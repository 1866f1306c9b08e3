from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.message import Message
from contracts.scheduler import (
    ListTriggers,
    RemoveTrigger,
    SetTrigger,
    TriggerFired,
    TriggerRefused,
    TriggerRemoved,
    TriggerSet,
    TriggerSummary,
)
from contracts.training import ExperimentRefused, StartExperiment
from infra.state import State
from services.scheduler import handlers
from services.scheduler.store import METADATA, TriggerStore
from tests.builders import a_dataset_version, a_template

ANOTHER = "5" * 64


@pytest.fixture
def triggers(tmp_path: Path) -> Iterator[TriggerStore]:
    state = State(f"sqlite:///{tmp_path}/scheduler.db", METADATA)
    with state.transaction() as transaction:
        yield TriggerStore(transaction)
    state.close()


def set_one(
    triggers: TriggerStore, trigger_id: str = "nightly", dataset: str = "penguins", **template: object
) -> list[Message]:
    command = SetTrigger(trigger_id=trigger_id, dataset=dataset, template=a_template(**template))
    return handlers.set_trigger(command, triggers)


def refuse(fired: TriggerFired, triggers: TriggerStore) -> None:
    refused = ExperimentRefused(
        experiment_id=fired.experiment_id,
        reason="TargetMissing",
        cause="There is no column 'species'.",
        cure="Choose another.",
    )
    assert handlers.on_experiment_refused(refused, triggers) == []


def listed(triggers: TriggerStore) -> tuple[TriggerSummary, ...]:
    return handlers.list_triggers(ListTriggers(), triggers).triggers


def test_a_trigger_that_is_set_waits(triggers: TriggerStore) -> None:
    (answer,) = set_one(triggers)
    assert isinstance(answer, TriggerSet)
    (summary,) = listed(triggers)
    assert (summary.trigger_id, summary.dataset, summary.fired) == ("nightly", "penguins", 0)


def test_a_new_version_starts_one_experiment_on_that_version(triggers: TriggerStore) -> None:
    set_one(triggers)
    fired, start = handlers.on_dataset_version_registered(a_dataset_version(), triggers)
    assert isinstance(fired, TriggerFired)
    assert isinstance(start, StartExperiment)
    assert fired.experiment_id == start.experiment_id
    assert start.dataset_version == a_dataset_version().version
    assert start.template == a_template()


def test_the_same_version_starts_nothing_again(triggers: TriggerStore) -> None:
    set_one(triggers)
    handlers.on_dataset_version_registered(a_dataset_version(), triggers)
    assert handlers.on_dataset_version_registered(a_dataset_version(), triggers) == []
    assert handlers.on_dataset_version_registered(a_dataset_version(unchanged=True), triggers) == []


def test_content_that_comes_back_under_a_new_number_is_raced_anew(triggers: TriggerStore) -> None:
    set_one(triggers)
    handlers.on_dataset_version_registered(a_dataset_version(), triggers)
    handlers.on_dataset_version_registered(a_dataset_version(version=ANOTHER, number=2), triggers)
    assert len(handlers.on_dataset_version_registered(a_dataset_version(number=3), triggers)) == 2
    assert handlers.on_dataset_version_registered(a_dataset_version(number=3), triggers) == []


def test_the_same_trigger_under_another_id_is_refused_with_the_one_that_there_is(triggers: TriggerStore) -> None:
    set_one(triggers)
    (refused,) = set_one(triggers, "again")
    assert isinstance(refused, TriggerRefused)
    assert refused.reason == "TriggerAlreadySet"
    assert "'nightly'" in refused.cause
    assert len(listed(triggers)) == 1


def test_the_same_template_on_another_dataset_is_another_trigger(triggers: TriggerStore) -> None:
    set_one(triggers)
    (answer,) = set_one(triggers, "other", dataset="flights")
    assert isinstance(answer, TriggerSet)


def test_an_experiment_that_was_refused_is_told_until_the_next_one(triggers: TriggerStore) -> None:
    set_one(triggers)
    fired, _ = handlers.on_dataset_version_registered(a_dataset_version(), triggers)
    assert isinstance(fired, TriggerFired)
    refuse(fired, triggers)
    assert listed(triggers)[0].last_refusal == "There is no column 'species'."
    handlers.on_dataset_version_registered(a_dataset_version(number=2), triggers)
    assert listed(triggers)[0].last_refusal is None


def test_a_refusal_of_somebody_elses_experiment_changes_nothing(triggers: TriggerStore) -> None:
    set_one(triggers)
    fired, _ = handlers.on_dataset_version_registered(a_dataset_version(), triggers)
    assert isinstance(fired, TriggerFired)
    refuse(fired.model_copy(update={"experiment_id": "exp-1"}), triggers)
    assert listed(triggers)[0].last_refusal is None


def test_content_that_was_there_before_starts_nothing(triggers: TriggerStore) -> None:
    set_one(triggers)
    assert handlers.on_dataset_version_registered(a_dataset_version(unchanged=True), triggers) == []


def test_each_version_starts_an_experiment_of_its_own(triggers: TriggerStore) -> None:
    set_one(triggers)
    _, first = handlers.on_dataset_version_registered(a_dataset_version(), triggers)
    _, second = handlers.on_dataset_version_registered(a_dataset_version(version=ANOTHER, number=2), triggers)
    assert first.key != second.key
    (summary,) = listed(triggers)
    assert (summary.fired, summary.last_experiment_id) == (2, second.key)


def test_every_trigger_of_the_dataset_fires_and_no_other(triggers: TriggerStore) -> None:
    set_one(triggers, "a")
    set_one(triggers, "b", seed=7)
    set_one(triggers, "c", dataset="flights")
    said = handlers.on_dataset_version_registered(a_dataset_version(), triggers)
    assert [message.key for message in said if isinstance(message, TriggerFired)] == ["a", "b"]
    assert len({message.key for message in said if isinstance(message, StartExperiment)}) == 2


def test_a_trigger_set_anew_is_replaced_and_does_not_fire_again_for_a_version(triggers: TriggerStore) -> None:
    set_one(triggers)
    handlers.on_dataset_version_registered(a_dataset_version(), triggers)
    handlers.remove_trigger(RemoveTrigger(trigger_id="nightly"), triggers)
    set_one(triggers)
    set_one(triggers)
    assert len(listed(triggers)) == 1
    assert handlers.on_dataset_version_registered(a_dataset_version(), triggers) == []


def test_a_removed_trigger_fires_no_more(triggers: TriggerStore) -> None:
    set_one(triggers)
    (removed,) = handlers.remove_trigger(RemoveTrigger(trigger_id="nightly"), triggers)
    assert isinstance(removed, TriggerRemoved)
    assert handlers.on_dataset_version_registered(a_dataset_version(), triggers) == []


def test_removing_what_is_not_there_is_refused(triggers: TriggerStore) -> None:
    (refused,) = handlers.remove_trigger(RemoveTrigger(trigger_id="nightly"), triggers)
    assert isinstance(refused, TriggerRefused)
    assert refused.reason == "UnknownTrigger"


def test_a_state_rebuilt_from_facts_fires_for_new_versions_only(triggers: TriggerStore) -> None:
    set_one(triggers)
    fired, _ = handlers.on_dataset_version_registered(a_dataset_version(), triggers)
    assert isinstance(fired, TriggerFired)
    before = listed(triggers)
    with State("sqlite://", METADATA).transaction() as transaction:
        rebuilt = TriggerStore(transaction)
        gone = TriggerSet(trigger_id="gone", dataset="penguins", template=a_template())  # type: ignore[arg-type]
        handlers.recall_set(gone, rebuilt)
        handlers.recall_removed(TriggerRemoved(trigger_id=gone.trigger_id), rebuilt)
        handlers.recall_set(TriggerSet(trigger_id=fired.trigger_id, dataset="penguins", template=a_template()), rebuilt)
        handlers.recall_fired(fired, rebuilt)
        handlers.recall_fired(fired, rebuilt)
        assert listed(rebuilt) == before
        assert handlers.on_dataset_version_registered(a_dataset_version(), rebuilt) == []
        assert len(handlers.on_dataset_version_registered(a_dataset_version(version=ANOTHER), rebuilt)) == 2
