"""`trackside remove`."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from contracts.training import ExperimentSummary, ListExperiments
from contracts.versions import DatasetVersionRemoved, ListVersions, RemoveDatasetVersion
from infra.bus import Bus
from ui.cli.connection import connected, new_id, run
from ui.cli.exits import Failed
from ui.cli.options import Json
from ui.cli.output import counted, print_json, terminal

_SHOWN = 5


def remove(
    name: Annotated[str, typer.Argument(metavar="DATASET", help="The dataset's name.")],
    number: Annotated[int, typer.Argument(metavar="VERSION", help="Number of the version.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Remove a dataset version for good: its rows too, unless another version has the same."""
    if not yes:
        _confirm(name, number, run(_dependents(name, number)))
    removed = run(_order(name, number))
    if as_json:
        print_json(removed)
    else:
        terminal().print(removed_told(removed), markup=False, soft_wrap=True)


def warned(name: str, number: int, experiments: Sequence[ExperimentSummary]) -> str:
    """Return what a person should know before a version is removed."""
    if not experiments:
        return f"No experiment was made on version {number} of {name}."
    shown = ", ".join(e.experiment_id for e in experiments[:_SHOWN]) + (", …" if len(experiments) > _SHOWN else "")
    running = sum(e.status == "running" for e in experiments)
    lost = "Their results stay; they cannot be made again, reported or exported with their rows."
    still = f" Still running, and about to fail: {running}." if running else ""
    return f"{counted(len(experiments), 'experiment')} on version {number} of {name}: {shown}. {lost}{still}"


def removed_told(removed: DatasetVersionRemoved) -> str:
    """Return what became of a version, and of its rows."""
    said = f"Removed version {removed.number} of {removed.name}: "
    said += f"{counted(len(removed.objects), 'object')}, {counted(removed.removed_bytes, 'byte')}."
    if removed.kept_for:
        kept = ", ".join(f"version {other.number} of {other.name}" for other in removed.kept_for)
        said += f" The rows stay, since they are those of {kept}."
    return said


def _confirm(name: str, number: int, experiments: Sequence[ExperimentSummary]) -> None:
    terminal(stderr=True).print(escape(warned(name, number, experiments)), soft_wrap=True)
    if not typer.confirm("Remove it for good?", err=True):
        raise Failed("Nothing was removed.")


async def _dependents(name: str, number: int) -> list[ExperimentSummary]:
    async with connected() as connection:
        return await _made_on(connection.bus, name, number)


async def _made_on(bus: Bus, name: str, number: int) -> list[ExperimentSummary]:
    versions = (await bus.ask(ListVersions(name=name))).versions
    content = {version.version for version in versions if version.number == number}
    experiments = (await bus.ask(ListExperiments())).experiments
    return [e for e in experiments if e.dataset == name and e.dataset_version in content]


async def _order(name: str, number: int) -> DatasetVersionRemoved:
    async with connected() as connection:
        command = RemoveDatasetVersion(removal_id=new_id("rem"), name=name, number=number)
        fact = await connection.bus.order(command, DatasetVersionRemoved)
    assert isinstance(fact, DatasetVersionRemoved)
    return fact
