"""`trackside import`."""

import zipfile
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from contracts.experiment_file import MANIFEST, Manifest
from contracts.training import ExperimentImported, ImportExperiment
from infra.objects.store import objects_of
from ui.cli.connection import connected, run
from ui.cli.exits import WrongUsage
from ui.cli.options import Json
from ui.cli.output import counted, print_json, terminal
from ui.cli.reach import Reach
from ui.cli.uploading import in_pieces

_SECONDS = 900.0


def import_experiment(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `trackside export` wrote as EXP.zip.")],
    *,
    as_json: Json = False,
) -> None:
    """Take in an experiment that another platform exported; a second time changes nothing."""
    manifest = _manifest(file)
    imported = run(_order(file, manifest))
    if as_json:
        print_json(imported)
        return
    screen = terminal()
    if imported.unchanged:
        screen.print(f"{imported.experiment_id} is here already; nothing was changed.")
        return
    fits = imported.fits_completed + imported.fits_failed
    screen.print(f"{imported.experiment_id} is here, with {counted(fits, 'fit')}.")
    screen.print(f"See its board with: trackside leaderboard {imported.experiment_id}", soft_wrap=True)
    screen.print("Its winner, if it has one, is refitted now; trackside experiments names the model version then.")


def _manifest(file: Path) -> Manifest:
    try:
        with zipfile.ZipFile(file) as archive:
            return Manifest.model_validate_json(archive.read(MANIFEST))
    except OSError as error:
        raise WrongUsage(f"{file} cannot be read: {error.strerror}.") from None
    except (zipfile.BadZipFile, KeyError):
        raise WrongUsage(f"{file} is no experiment. Name the zip file that `trackside export EXP` wrote.") from None
    except ValidationError:
        cause = f"{file} was written by another release, and this one cannot read it."
        raise WrongUsage(f"{cause} Import it with that release, or a later one.") from None


async def _order(file: Path, manifest: Manifest) -> ExperimentImported:
    reach = Reach.found()
    async with connected(reach) as connection:
        with in_pieces(file) as pieces:
            stored = objects_of(reach.objects).put("uploads", pieces)
        command = ImportExperiment(experiment_id=manifest.experiment_id, upload=stored.key, upload_digest=stored.digest)
        imported = await connection.bus.order(command, ExperimentImported, seconds=_SECONDS)
    assert isinstance(imported, ExperimentImported)
    return imported
