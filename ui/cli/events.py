"""`trackside events`."""

import json
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from infra.bus import Delivered
from ui.cli.connection import connected, run
from ui.cli.exits import Failed
from ui.cli.options import Json
from ui.cli.output import terminal, when

_ALL = "*"


def events(
    experiment: Annotated[str, typer.Option(metavar="EXP", help="Only the facts of this experiment.")] = _ALL,
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with new facts as they come, until Ctrl-C.")] = False,
    as_json: Json = False,
) -> None:
    """Print the facts of the event stream in order; with --json one object a line."""
    run(_print(experiment, follow=follow, tell=_tell_json if as_json else _tell))


async def _print(key: str, *, follow: bool, tell: Callable[[Delivered], None]) -> None:
    told = 0
    async with connected() as connection:
        async for fact in connection.bus.facts(key=key, stop_when_idle=not follow):
            tell(fact)
            told += 1
    if not told and key != _ALL:
        raise Failed(f"There are no facts of {key}. List the experiments with: trackside experiments")


def _tell(fact: Delivered) -> None:
    body = fact.message.model_dump_json(exclude={fact.message.keyed_by})
    line = f"{when(fact.envelope.time)} {type(fact.message).__name__} {fact.message.key} {body}"
    screen = terminal()
    shown = line if len(line) <= screen.width else f"{line[: screen.width - 1]}…"
    screen.print(shown, markup=False, soft_wrap=True)


def _tell_json(fact: Delivered) -> None:
    sys.stdout.write(json.dumps(as_told(fact)) + "\n")
    sys.stdout.flush()


def as_told(fact: Delivered) -> dict[str, Any]:
    """Return a fact with its envelope, as it is written for programs."""
    envelope = fact.envelope
    return {
        "sequence": fact.sequence,
        "id": envelope.id,
        "type": envelope.type,
        "source": envelope.source,
        "time": envelope.time.isoformat(),
        "correlation_id": envelope.correlation_id,
        "causation_id": envelope.causation_id,
        "traceparent": envelope.traceparent,
        "data": fact.message.model_dump(mode="json"),
    }
