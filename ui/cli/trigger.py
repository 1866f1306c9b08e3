"""`trackside trigger`."""

from typing import Annotated

import typer

from contracts.message import Event
from contracts.scheduler import SetTrigger, TriggerSet
from ui.cli import options
from ui.cli.connection import connected, new_id, run
from ui.cli.output import print_json, terminal


def trigger(  # noqa: PLR0913 - one for each option
    dataset: Annotated[str, typer.Argument(help="The dataset whose new versions start an experiment.")],
    target: options.Target,
    task: options.Task = "auto",
    folds: options.Folds = 10,
    candidates: options.Candidates = None,
    engine: options.Engine = "pycaret",
    seed: options.Seed = 42,
    metric: options.Metric = None,
    *,
    as_json: options.Json = False,
) -> None:
    """Start an experiment whenever a dataset gets a new version, once for each."""
    template = options.template(
        target=target, task=task, folds=folds, candidates=candidates, engine=engine, seed=seed, metric=metric
    )
    answer = run(_order(SetTrigger(trigger_id=new_id("trg"), dataset=dataset, template=template)))
    assert isinstance(answer, TriggerSet)
    if as_json:
        print_json(answer)
        return
    terminal().print(f"Trigger {answer.trigger_id} waits for the next version of {dataset}.")


async def _order(command: SetTrigger) -> Event:
    async with connected() as connection:
        return await connection.bus.order(command, TriggerSet)
