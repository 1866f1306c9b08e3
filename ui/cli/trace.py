"""`trackside trace`."""

from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from contracts.training import ExperimentStarted
from infra.bus import Bus
from ui.cli.connection import connected, run
from ui.cli.exits import Failed
from ui.cli.options import Json
from ui.cli.output import print_json, terminal
from ui.cli.settings import PlaceSettings
from ui.cli.spans import Span, read_spans, tree_of


class Trace(BaseModel):
    """Every span of an experiment's trace."""

    model_config = ConfigDict(frozen=True)

    trace_id: str
    spans: tuple[Span, ...]


def trace(
    experiment: Annotated[str, typer.Argument(metavar="EXP", help="The experiment's id.")],
    *,
    whole: Annotated[bool, typer.Option("--all", help="Show siblings alike one by one, however many.")] = False,
    as_json: Json = False,
) -> None:
    """Show what happened for an experiment, in all processes, as one tree with durations."""
    found = run(_find(experiment))
    if as_json:
        print_json(found)
        return
    terminal().print(tree_of(found.spans, f"trace {found.trace_id}", whole=whole))


async def trace_id_of(bus: Bus, experiment: str) -> str:
    """Return the id of the trace that an experiment is.

    Raises:
        Failed: if there is no such experiment.
    """
    async for fact in bus.facts(ExperimentStarted, key=experiment, stop_when_idle=True):
        if fact.envelope.traceparent is not None:
            return fact.envelope.traceparent.split("-")[1]
    raise Failed(f"No experiment {experiment} was started. List them with: trackside experiments")


async def _find(experiment: str) -> Trace:
    async with connected() as connection:
        trace_id = await trace_id_of(connection.bus, experiment)
        if PlaceSettings.read().elsewhere:
            raise Failed(f"The spans of that platform are at its collector: look for the trace {trace_id} there.")
        return Trace(trace_id=trace_id, spans=tuple(read_spans(connection.reach.home.traces, trace_id)))
