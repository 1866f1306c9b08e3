"""`trackside triggers`."""

from contracts.scheduler import ListTriggers, Triggers
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
                t.last_experiment_id or "",
            )
            for t in found.triggers
        ),
        empty="There are no triggers yet. Set one with: trackside trigger DATASET --target COLUMN",
    )


async def _ask() -> Triggers:
    async with connected() as connection:
        return await connection.bus.ask(ListTriggers())
