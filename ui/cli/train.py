"""`trackside train`."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from contracts.evaluation import LeaderboardUpdated
from contracts.message import Event
from contracts.plans import raced_folds
from contracts.training import ExperimentStarted, ExperimentTemplate, StartExperiment
from infra.bus import Bus
from ui.cli import options
from ui.cli.board import score
from ui.cli.connection import connected, new_id, run
from ui.cli.exits import Failed
from ui.cli.output import print_json, terminal
from ui.cli.race import Race
from ui.cli.standings import print_board
from ui.cli.verdict import check_refitted, check_won
from ui.cli.watching import watched

Watch = Annotated[bool, typer.Option("--watch", help="Show the race until it is over.")]

_START_SECONDS = 60.0
_MOST_LEADERS = 3
"""Names of those who share the lead; with more the others are counted."""


def train(  # noqa: PLR0913 - one for each option
    dataset: Annotated[
        str, typer.Argument(metavar="DATASET", help="Name of a dataset; its latest version is raced on.")
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
    watch: Watch = False,
    as_json: options.Json = False,
) -> None:
    """Race candidates on a dataset, fold by fold; the winner becomes a model version."""
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
    screen = terminal(stderr=as_json)
    started, race = run(_train(dataset, template, screen if watch else None))
    if race is None:
        _say_started(started, as_json=as_json)
    else:
        _say_ended(race, as_json=as_json)


async def started_experiment(bus: Bus, dataset: str, template: ExperimentTemplate) -> ExperimentStarted:
    """Start an experiment and return the fact that it runs."""
    command = StartExperiment(experiment_id=new_id("exp"), dataset=dataset, template=template)
    fact: Event = await bus.order(command, ExperimentStarted, seconds=_START_SECONDS)
    assert isinstance(fact, ExperimentStarted)
    return fact


def report(race: Race) -> None:
    """Print how a race ended: the leaderboard, the winner and its model version.

    Raises:
        Failed: if there is no winner.
    """
    if race.board is None:
        raise Failed("The race has no leaderboard. See what became of it: trackside experiments")
    print_board(race.board, raced_folds(race.started.plan) if race.started else None)
    check_won(race.board, race.fits)
    if race.leader is not None:
        terminal().print(f"{_leading(race.board)}: {race.board.metric} {score(race.leader)}", soft_wrap=True)
    if race.model is not None:
        terminal().print(f"model version {race.model.model_version_id}")
    check_refitted(race.refit_failed)


def _leading(board: LeaderboardUpdated) -> str:
    leaders = [escape(standing.name) for standing in board.standings if standing.place == 1]
    if len(leaders) > _MOST_LEADERS:
        return f"[bold]{leaders[0]}[/] and {len(leaders) - 1} others share the lead"
    return f"[bold]{' and '.join(leaders)}[/] {'leads' if len(leaders) == 1 else 'share the lead'}"


async def _train(
    dataset: str, template: ExperimentTemplate, screen: Console | None
) -> tuple[ExperimentStarted, Race | None]:
    async with connected() as connection:
        started = await started_experiment(connection.bus, dataset, template)
        if screen is None:
            return started, None
        for warning in started.warnings:
            screen.print(f"[yellow]note[/] {escape(warning)}")
        screen.print(f"experiment {started.experiment_id} (Ctrl-C stops watching, not the race)")
        return started, await watched(connection.bus, started.experiment_id, screen)


def _say_started(started: ExperimentStarted, *, as_json: bool) -> None:
    if as_json:
        print_json(started)
        return
    for warning in started.warnings:
        terminal().print(f"[yellow]note[/] {escape(warning)}")
    terminal().print(f"experiment {started.experiment_id}: {started.fits} fits")
    terminal().print(f"Follow it with: trackside leaderboard {started.experiment_id} --watch")


def _say_ended(race: Race, *, as_json: bool) -> None:
    if not as_json or race.board is None:
        report(race)
        return
    print_json(race.board)
    check_won(race.board, race.fits)
    check_refitted(race.refit_failed)
