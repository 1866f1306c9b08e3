"""`trackside experiments`."""

from contracts.training import Experiments, ListExperiments
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, print_table, terminal, when


def experiments(*, as_json: Json = False) -> None:
    """List the experiments, the latest first."""
    found = run(_ask())
    if as_json:
        print_json(found)
        return
    print_table(
        ("EXPERIMENT", "DATASET", "TARGET", "TASK", "STATUS", ">FITS", ">FAILED", "STARTED"),
        (
            (
                e.experiment_id,
                e.dataset,
                e.target,
                e.task,
                "interrupted" if e.interrupted else e.status,
                f"{e.fits_completed + e.fits_failed}/{e.fits}",
                str(e.fits_failed),
                when(e.started_at),
            )
            for e in found.experiments
        ),
        empty="There are no experiments yet. Start one with: trackside train DATASET --target COLUMN --watch",
    )
    if any(e.interrupted for e in found.experiments):
        terminal().print("An interrupted experiment goes on by itself when a worker is back: trackside status")


async def _ask() -> Experiments:
    async with connected() as connection:
        return await connection.bus.ask(ListExperiments())
