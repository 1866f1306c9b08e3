"""`trackside cancel`."""

from typing import Annotated

import typer

from contracts.message import Event
from contracts.training import CancelExperiment, ExperimentCancelled
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, terminal


def cancel(
    experiment: Annotated[str, typer.Argument(metavar="EXP", help="The experiment's id.")], *, as_json: Json = False
) -> None:
    """End an experiment; what was scored stays."""
    cancelled = run(_order(experiment))
    assert isinstance(cancelled, ExperimentCancelled)
    if as_json:
        print_json(cancelled)
        return
    terminal().print(f"Cancelled {experiment} after {cancelled.fits_completed + cancelled.fits_failed} fits.")


async def _order(experiment: str) -> Event:
    async with connected() as connection:
        return await connection.bus.order(CancelExperiment(experiment_id=experiment), ExperimentCancelled)
