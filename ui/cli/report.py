"""`trackside report`."""

from pathlib import Path
from typing import Annotated

import typer

from contracts.ids import ModelVersionId
from contracts.reports import ModelVersionReported, ReportModelVersion
from contracts.training import ModelVersionCreated
from infra.bus import Bus
from ui.cli.connection import connected, run
from ui.cli.exits import WrongUsage
from ui.cli.output import counted, terminal
from ui.cli.reach import Reach
from ui.cli.stored import store_of, tables_of
from ui.cli.waiting import waiting

_SECONDS = 1800.0  # folds are fitted anew, twice


def report(
    model: Annotated[str, typer.Argument(metavar="MODEL_VERSION|EXP", help="A model version, or who made it.")],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where to write; MODEL_VERSION.html if not given.")
    ] = None,
) -> None:
    """Write what a model version is worth, and what it rests on, as one page that opens in any browser, offline too."""
    if to is not None and (to.is_dir() or not to.absolute().parent.is_dir()):
        raise WrongUsage(f"{to} cannot be written. Name a file in a folder that is there: --to FILE")
    reach = Reach.found()
    objects = store_of(reach)
    fact = run(_reported(reach, model))
    tables = tables_of(objects, fact.tables)
    # Imported here because the other verbs draw nothing.
    from ui.report import report_page  # noqa: PLC0415

    file = to or Path(f"{fact.model_version_id}.html")
    file.write_text(report_page(fact, tables), encoding="utf-8")
    told = f"{file} holds the report of {fact.candidate.name} on {fact.dataset}: {counted(len(tables), 'table')}."
    terminal().print(told, markup=False, soft_wrap=True)


async def _reported(reach: Reach, model: str) -> ModelVersionReported:
    async with connected(reach) as connection:
        command = ReportModelVersion(model_version_id=await made_by(connection.bus, model))
        with waiting("making the report; folds are fitted anew to see what they need"):
            fact = await connection.bus.order(command, ModelVersionReported, seconds=_SECONDS)
    assert isinstance(fact, ModelVersionReported)
    return fact


async def made_by(bus: Bus, model: str) -> ModelVersionId:
    """Return the model version that an experiment made last; what is no experiment with one is taken for one."""
    found = ModelVersionId(model)
    async for fact in bus.facts(ModelVersionCreated, key=model, stop_when_idle=True):
        assert isinstance(fact.message, ModelVersionCreated)
        found = fact.message.model_version_id
    return found
