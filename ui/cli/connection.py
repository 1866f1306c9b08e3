"""How a verb reaches the platform: find it, connect, ask, and leave."""

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from infra.bus import Bus
from infra.local.layout import Home
from infra.local.platform import Platform
from infra.telemetry import Telemetry
from ui.cli.output import terminal
from ui.cli.settings import current_home

_NAME = "cli"
_PATIENCE = 5.0
_NEWS = {"away": "the platform is away; waiting for it; start it with: trackside up", "back": "it is back"}

T = TypeVar("T")


@dataclass(frozen=True)
class Connection:
    """A platform that runs, and the bus to it."""

    platform: Platform
    bus: Bus
    telemetry: Telemetry

    @property
    def home(self) -> Home:
        """Return the platform's folder."""
        return Home(self.platform.home)


@asynccontextmanager
async def connected(platform: Platform | None = None) -> AsyncIterator[Connection]:
    """Connect to ``platform``, or else to the one that runs in the person's folder.

    Raises:
        PlatformNotRunning: if none does.
    """
    # Imported here because it costs a quarter of a second, which `--help` need not pay.
    from infra.bus.client import connect  # noqa: PLC0415

    platform = platform or Platform.find(current_home())
    home = Home(platform.home)
    telemetry = Telemetry(_NAME, home.traces)
    bus = await connect(platform.nats_url, home.seed(_NAME), _NAME, telemetry, patience=_PATIENCE, on_link=_say)
    try:
        yield Connection(platform, bus, telemetry)
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
