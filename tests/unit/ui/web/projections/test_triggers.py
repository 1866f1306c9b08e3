"""What the page knows of triggers."""

from contracts.ids import ExperimentId, TriggerId
from contracts.message import Message
from contracts.scheduler import TriggerFired, TriggerRemoved, TriggerSet
from contracts.training import ExperimentRefused
from tests.builders import a_template
from tests.builders.bus import told
from tests.builders.messages import EXPERIMENT, VERSION
from ui.web.projections.rows import Row
from ui.web.projections.world import World

NIGHTLY = TriggerId("nightly")
SET = TriggerSet(trigger_id=NIGHTLY, dataset="penguins", template=a_template())
FIRED = TriggerFired(trigger_id=NIGHTLY, dataset="penguins", dataset_version=VERSION, experiment_id=EXPERIMENT)  # type: ignore[arg-type]


def triggers_after(*messages: Message) -> list[Row]:
    world = World()
    for sequence, message in enumerate(messages, start=1):
        world.apply(told(message, sequence))
    return list(world.all_rows()["triggers"])


def refused(experiment: ExperimentId) -> ExperimentRefused:
    return ExperimentRefused(experiment_id=experiment, reason="TargetMissing", cause="No such column.", cure="Look.")


def test_a_trigger_waits_until_it_is_removed() -> None:
    (row,) = triggers_after(SET)
    assert (row["dataset"], row["target"], row["waits"], row["fired"]) == ("penguins", "species", True, 0)
    (row,) = triggers_after(SET, TriggerRemoved(trigger_id=NIGHTLY))
    assert row["waits"] is False


def test_a_trigger_tells_its_last_experiment_or_why_that_was_refused() -> None:
    (row,) = triggers_after(SET, FIRED)
    assert (row["fired"], row["last"], row["refusal"]) == (1, EXPERIMENT, None)
    (row,) = triggers_after(SET, FIRED, refused(EXPERIMENT), refused(ExperimentId("exp-2")))
    assert row["refusal"] == "No such column."
    (row,) = triggers_after(SET, FIRED, refused(EXPERIMENT), FIRED)
    assert (row["fired"], row["refusal"]) == (2, None)


def test_a_trigger_set_anew_keeps_what_it_fired_for() -> None:
    (row,) = triggers_after(SET, FIRED, TriggerRemoved(trigger_id=NIGHTLY), SET)
    assert (row["waits"], row["fired"], row["last"]) == (True, 1, EXPERIMENT)


def test_facts_of_unknown_triggers_show_nothing() -> None:
    assert triggers_after(FIRED, refused(EXPERIMENT), TriggerRemoved(trigger_id=NIGHTLY)) == []
