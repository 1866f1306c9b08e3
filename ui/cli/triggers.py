"""`trackside triggers`."""

from contracts.scheduler import ListTriggers, Triggers, TriggerSummary
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, print_table


def triggers(*, as_json: Json = False) -> None:
    """List the triggers, by dataset."""
    found = run(_ask())
    if as_json:
        print_json(found)
        return
    print_table(
        ("TRIGGER", "DATASET", "TARGET", "TASK", "ENGINE", ">FOLDS", ">FIRED", "LAST EXPERIMENT"),
        (
            (
                t.trigger_id,
                t.dataset,
                t.template.target,
                t.template.task,
                t.template.engine,
                str(t.template.folds),
                str(t.fired),
                last_of(t),
            )
            for t in found.triggers
        ),
        empty="There are no triggers yet. Set one with: trackside trigger DATASET --target COLUMN",
    )


def last_of(trigger: TriggerSummary) -> str:
    """Return the trigger's last experiment, or why that did not start."""
    if trigger.last_refusal:
        return f"refused: {trigger.last_refusal}"
    return trigger.last_experiment_id or ""


async def _ask() -> Triggers:
    async with connected() as connection:
        return await connection.bus.ask(ListTriggers())
