"""`trackside trigger`."""

from typing import Annotated

import typer
from rich.markup import escape

from contracts.ingest import DatasetSummary, ListDatasets
from contracts.scheduler import SetTrigger, TriggerSet
from infra.bus import Bus
from ui.cli import options
from ui.cli.connection import connected, new_id, run
from ui.cli.exits import Failed
from ui.cli.output import print_json, terminal


def trigger(  # noqa: PLR0913 - one for each option
    dataset: Annotated[
        str, typer.Argument(metavar="DATASET", help="The dataset whose new versions start an experiment.")
    ],
    target: options.Target = "",
    task: options.Task = "auto",
    folds: options.Folds = 10,
    candidates: options.Candidates = None,
    engine: options.Engine = "pycaret",
    seed: options.Seed = 42,
    metric: options.Metric = None,
    budget: options.Budget = None,
    rule: options.Rule = "auto",
    margin: options.Margin = None,
    fit_seconds: options.FitSeconds = None,
    fit_megabytes: options.FitMegabytes = None,
    groups: options.Groups = None,
    time: options.Time = None,
    horizon: options.Horizon = None,
    season: options.Season = None,
    clusters: options.Clusters = None,
    anomalies: options.Anomalies = None,
    *,
    as_json: options.Json = False,
) -> None:
    """Start an experiment whenever a dataset gets a new version, once for each."""
    template = options.template(
        target=target,
        task=task,
        folds=folds,
        candidates=candidates,
        engine=engine,
        seed=seed,
        metric=metric,
        budget=budget,
        rule=rule,
        margin=margin,
        fit_seconds=fit_seconds,
        fit_megabytes=fit_megabytes,
        groups=groups,
        time=time,
        horizon=horizon,
        season=season,
        clusters=clusters,
        anomalies=anomalies,
    )
    known, answer = run(_order(SetTrigger(trigger_id=new_id("trg"), dataset=dataset, template=template)))
    if not known:
        note = f"There is no dataset {dataset} yet; the trigger waits for its first version."
        terminal(stderr=True).print(f"[yellow]note[/] {escape(note)}", soft_wrap=True)
    if as_json:
        print_json(answer)
        return
    terminal().print(f"Trigger {answer.trigger_id} waits for the next version of {dataset}.")
    terminal().print(f"Remove it with: trackside untrigger {answer.trigger_id}")


def check_target(target: str, dataset: DatasetSummary) -> None:
    """Refuse a target that a dataset does not have: every experiment of the trigger would be refused.

    Raises:
        Failed: naming the columns that there are.
    """
    names = [column.name for column in dataset.columns]
    if target not in names:
        raise Failed(f"{dataset.name} has no column {target}. It has: {', '.join(names)}.")


async def _order(command: SetTrigger) -> tuple[bool, TriggerSet]:
    """Return whether the dataset is there, and the fact that the trigger is set."""
    async with connected() as connection:
        dataset = await _dataset(connection.bus, command.dataset)
        if dataset is not None and command.template.target:
            check_target(command.template.target, dataset)
        answer = await connection.bus.order(command, TriggerSet)
        assert isinstance(answer, TriggerSet)
        return dataset is not None, answer


async def _dataset(bus: Bus, name: str) -> DatasetSummary | None:
    found = await bus.ask(ListDatasets())
    return next((dataset for dataset in found.datasets if dataset.name == name), None)
