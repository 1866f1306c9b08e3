"""`trackside demo`."""

import asyncio
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from shlex import quote

from contracts.training import ExperimentTemplate, ModelVersionRecorded
from infra.clock import utc_now
from infra.local.layout import Home
from infra.settings import default_home
from ui.cli.connection import Connection, connected, run
from ui.cli.deploy import deployed
from ui.cli.exits import Failed
from ui.cli.flights import TARGET, package_folder, write_flights
from ui.cli.ingest import registered
from ui.cli.ingest import report as report_dataset
from ui.cli.output import terminal
from ui.cli.predict import asked
from ui.cli.race import Race
from ui.cli.reach import Reach
from ui.cli.settings import demo_home
from ui.cli.train import report, started_experiment
from ui.cli.up import Workers
from ui.cli.watching import watched

_NAME = "flights"
_TEMPLATE = ExperimentTemplate(target=TARGET, task="classification", folds=5, seed=42, engine="pycaret")
_MLFLOW_SECONDS = 120.0


def demo(workers: Workers = 2) -> None:
    """Do the whole job once, from a file to a served prediction, and stop: real data, real race, nothing to answer."""
    run(_demo(demo_home(), workers))


async def _demo(home: Home, workers: int) -> None:
    # Imported here, like all that speaks to nats-server, because `--help` need not pay for it.
    from infra.local.embedded import embedded  # noqa: PLC0415

    clock = Stopwatch(utc_now())
    terminal().print(f"[bold]Trackside[/] starts in {home.root} …", soft_wrap=True)
    async with embedded(home, workers, lambda news: terminal().print(f"[yellow]{news}[/]", soft_wrap=True)) as running:
        platform = running.platform()
        clock.lap("platform ready")
        terminal().print(f"the race can be watched at {Reach.of(platform).page_link()}\n", soft_wrap=True)
        async with connected(Reach.of(platform)) as connection:
            race = await _race(connection, _files(home), clock)
            await _serve(connection, race, clock)
            await _tell_where(connection, race, clock)
        terminal().print("\nstopping …")
    clock.lap("stopped")
    terminal().print("\n[bold]seconds from the start[/]")
    for name, seconds in clock.laps.items():
        terminal().print(f"  {name:<28}{seconds:7.1f}")
    terminal().print(
        f"\n[bold]Next[/]: {up_again(home)}, and try {home.root / 'demo' / 'penguins.csv'}", soft_wrap=True
    )


def up_again(home: Home) -> str:
    """Return the command that runs the platform of ``home``, with all that the demo made."""
    return "trackside up" if home.root == default_home() else f"TRACKSIDE_HOME={quote(str(home.root))} trackside up"


class Stopwatch:
    """Seconds from one moment to others, by name."""

    def __init__(self, began: datetime, now: Callable[[], datetime] = utc_now) -> None:
        self._began = began
        self._now = now
        self.laps: dict[str, float] = {}

    def lap(self, name: str, moment: datetime | None = None) -> None:
        """Note that something was reached, now or at ``moment``."""
        self.laps[name] = ((moment or self._now()) - self._began).total_seconds()


def _files(home: Home) -> Path:
    """Write the demo's files and return the one to race on."""
    folder = home.root / "demo"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(package_folder("palmerpenguins") / "data" / "penguins.csv", folder / "penguins.csv")
    flights = folder / "flights.csv"
    write_flights(flights)
    return flights


async def _race(connection: Connection, file: Path, clock: Stopwatch) -> Race:
    report_dataset(await registered(connection, file, _NAME))
    clock.lap("dataset registered")
    started = await started_experiment(connection.bus, _NAME, _TEMPLATE)
    plan = started.plan
    terminal().print(
        f"experiment {started.experiment_id}: {len(plan.candidates)} candidates, {plan.folds} folds, "
        f"{started.fits} fits; will a flight arrive {TARGET}?\n"
    )
    race = await watched(connection.bus, started.experiment_id, terminal())
    clock.lap("leaderboard", race.final_at)
    report(race)
    clock.lap("winner refitted")
    return race


async def _serve(connection: Connection, race: Race, clock: Stopwatch) -> None:
    """Deploy the winner, and ask it for a prediction over HTTP with a token."""
    model = race.model
    if model is None:
        raise Failed("The race made no model version.")
    ready = await deployed(connection, model.model_version_id, _NAME)
    url = f"{connection.reach.serving_url}{ready.path}"
    terminal().print(f"\ndeployed at {url}", soft_wrap=True)
    answer = await asyncio.to_thread(asked, connection.reach, ready.path, [json.loads(model.example)])
    terminal().print(f"row        {model.example}", markup=False, soft_wrap=True)
    terminal().print(f"prediction {json.dumps(answer)}", markup=False, soft_wrap=True)
    clock.lap("prediction over HTTP")


async def _tell_where(connection: Connection, race: Race, clock: Stopwatch) -> None:
    """Say where MLflow and the trace keep what happened."""
    assert race.started is not None
    experiment = race.started.experiment_id
    try:
        async with asyncio.timeout(_MLFLOW_SECONDS):
            recorded = await _recorded(connection, experiment)
    except TimeoutError:
        logs = f"{connection.reach.home.logs}/mlflow.log and training-recorder.log"
        raise Failed(f"MLflow has no model version after {_MLFLOW_SECONDS:.0f} s; see {logs}.") from None
    clock.lap("recorded in MLflow")
    url = f"{connection.reach.mlflow_url}/#/runs/{recorded.run_id}"
    terminal().print(f"\nMLflow run {recorded.run_id}: {url}", soft_wrap=True)
    terminal().print(f"registered as {recorded.registered_name} version {recorded.registered_version}")
    terminal().print(f"trace      {race.trace_id} (trackside trace {experiment})")


async def _recorded(connection: Connection, experiment: str) -> ModelVersionRecorded:
    async for fact in connection.bus.facts(ModelVersionRecorded, key=experiment):
        if isinstance(fact.message, ModelVersionRecorded):
            return fact.message
    raise Failed("The event stream ended.")
