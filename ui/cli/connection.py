"""How a verb reaches the platform: find it, connect, ask, and leave."""

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from infra.bus import Bus
from infra.telemetry import Telemetry
from ui.cli.output import terminal
from ui.cli.reach import Reach

_NAME = "cli"
_PATIENCE = 5.0
_NEWS = {"away": "the platform is away; waiting for it; start it with: trackside up", "back": "it is back"}

T = TypeVar("T")


@dataclass(frozen=True)
class Connection:
    """A platform that runs, and the bus to it."""

    reach: Reach
    bus: Bus
    telemetry: Telemetry


@asynccontextmanager
async def connected(reach: Reach | None = None) -> AsyncIterator[Connection]:
    """Connect to a platform: as ``reach`` says, or else to the one that the person means.

    Raises:
        PlatformNotRunning: if none runs.
        Misconfigured: if it does not let the command line in.
    """
    # Imported here because it costs a quarter of a second, which `--help` need not pay.
    from infra.bus.client import connect  # noqa: PLC0415
    from infra.history.archive import archive_of  # noqa: PLC0415

    reach = reach or Reach.found()
    telemetry = Telemetry(_NAME, reach.home.traces)
    bus = await connect(
        reach.nats_url,
        reach.seed_file,
        _NAME,
        telemetry,
        ca_file=reach.ca_file,
        patience=_PATIENCE,
        on_link=_say,
        archive=archive_of(reach.objects) if reach.names_objects else None,
    )
    try:
        yield Connection(reach, bus, telemetry)
    finally:
        await bus.close()
        telemetry.close()


def _say(link: Literal["away", "back"]) -> None:
    terminal(stderr=True).print(f"[yellow]{_NEWS[link]}[/]", soft_wrap=True)


def new_id(kind: str) -> str:
    """Return a new id, short enough to be typed."""
    return f"{kind}-{secrets.token_hex(6)}"


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run ``main``; SIGTERM and a closed terminal end it in order, as Ctrl-C does, with KeyboardInterrupt."""
    try:
        return asyncio.run(_until_ended(main))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _until_ended(main: Coroutine[Any, Any, T]) -> T:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await main
