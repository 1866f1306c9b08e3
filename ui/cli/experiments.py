"""`trackside experiments`."""

from contracts.training import Experiments, ListExperiments
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, print_table, when


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
                e.status,
                f"{e.fits_completed + e.fits_failed}/{e.fits}",
                str(e.fits_failed),
                when(e.started_at),
            )
            for e in found.experiments
        ),
        empty="There are no experiments yet. Start one with: trackside train DATASET --target COLUMN --watch",
    )


async def _ask() -> Experiments:
    async with connected() as connection:
        return await connection.bus.ask(ListExperiments())
