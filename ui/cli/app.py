"""The `trackside` command: its verbs."""

import sys
from typing import NoReturn

import typer

from infra import logs
from ui.cli.backup import backup, restore
from ui.cli.cancel import cancel
from ui.cli.compare import compare
from ui.cli.compare_candidates import compare_candidates
from ui.cli.contracts import contracts
from ui.cli.credentials import credentials
from ui.cli.datasets import datasets
from ui.cli.demo import demo
from ui.cli.deploy import deploy
from ui.cli.diff import diff
from ui.cli.doctor import doctor
from ui.cli.events import events
from ui.cli.exits import EXIT_CODES, ended
from ui.cli.experiments import experiments
from ui.cli.explain import explain
from ui.cli.export import export
from ui.cli.gc import gc
from ui.cli.import_experiment import import_experiment
from ui.cli.ingest import ingest
from ui.cli.leaderboard import leaderboard
from ui.cli.page import page
from ui.cli.predict import predict
from ui.cli.profile import profile
from ui.cli.publishers import publishers
from ui.cli.read import read
from ui.cli.remove import remove
from ui.cli.report import report
from ui.cli.schedule import schedule
from ui.cli.schedules import schedules
from ui.cli.sources import sources
from ui.cli.status import status
from ui.cli.token import token
from ui.cli.trace import trace
from ui.cli.train import train
from ui.cli.trigger import trigger
from ui.cli.triggers import triggers
from ui.cli.unschedule import unschedule
from ui.cli.untrigger import untrigger
from ui.cli.up import up
from ui.cli.versions import versions
from ui.cli.webhooks import webhooks

_VERBS = (
    *(
        up,
        demo,
        status,
        doctor,
        ingest,
        sources,
        read,
        datasets,
        versions,
        profile,
        diff,
        remove,
        train,
        experiments,
        cancel,
        leaderboard,
        compare,
        report,
        export,
    ),
    *(
        deploy,
        token,
        predict,
        explain,
        page,
        events,
        trigger,
        triggers,
        untrigger,
        schedule,
        schedules,
        unschedule,
        trace,
        contracts,
        gc,
        backup,
        restore,
    ),
)


def build() -> typer.Typer:
    """Return the command with all its verbs."""
    app = typer.Typer(
        help="Race your models in the open. All state lives in TRACKSIDE_HOME (~/.trackside if unset).",
        epilog=EXIT_CODES,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    for verb in _VERBS:
        app.command()(verb)
    app.command("test")(compare_candidates)  # a word that pytest takes for its own
    app.command("import")(import_experiment)  # a word that no function may be called
    app.add_typer(credentials, name="credentials")
    app.add_typer(publishers, name="publishers")
    app.add_typer(webhooks, name="webhooks")
    return app


def main() -> NoReturn:
    """Run the command and exit."""
    logs.keep_off_stdout()
    sys.exit(ended(build()))
