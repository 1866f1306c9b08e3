"""An ingestion that is in hand, for a person to watch, and to cancel by Ctrl-C."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from contracts.ingest import (
    CancelIngestion,
    DatasetVersionRegistered,
    IngestionCancelled,
    IngestionInHand,
    RegisterDataset,
)
from contracts.message import Event
from contracts.sources import ReadSource
from infra.bus import Bus, CommandRefused
from infra.tasks import ended
from ui.cli.output import terminal

_OVER = "AlreadyAnswered"
_CANCEL_SECONDS = 30.0


async def ingested(bus: Bus, command: RegisterDataset | ReadSource, seconds: float) -> DatasetVersionRegistered:
    """Give the command, show how far it is, and return the fact that answers it; raises as ``Bus.order`` does.

    Ctrl-C asks whether it is to be cancelled, where somebody can be asked; else it goes on without us.
    """
    order = asyncio.create_task(bus.order(command, DatasetVersionRegistered, seconds=seconds))
    try:
        await _watched(bus, command, order)
        if not order.done():
            await _interrupted(bus, command.ingestion_id, order)
        fact = await order
    finally:
        await ended(order)
    assert isinstance(fact, DatasetVersionRegistered)
    return fact


def said(sign: IngestionInHand) -> str:
    """Return what is done, as a bar's title; rows where they are told apart.

    >>> said(IngestionInHand(ingestion_id="i", name="penguins", phase="reading", bytes=9, rows=2000, seconds=1))
    'reading penguins, 2,000 rows'
    """
    rows = "" if sign.rows is None else f", {sign.rows:,} rows"
    return f"{sign.phase} {sign.name}{rows}"


async def _watched(bus: Bus, command: RegisterDataset | ReadSource, order: "asyncio.Task[Event]") -> None:
    """Show how far it is until it is answered, or until Ctrl-C is pressed."""
    with _pressed() as pressed:
        pressing = asyncio.create_task(pressed.wait())
        try:
            async with _shown(bus, command):
                await asyncio.wait({order, pressing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await ended(pressing)


@asynccontextmanager
async def _shown(bus: Bus, command: RegisterDataset | ReadSource) -> AsyncIterator[None]:
    """Show a bar while the block runs; where there is no terminal, nothing."""
    screen = terminal(stderr=True)
    columns = (
        *(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()),
        *(TimeElapsedColumn(), TimeRemainingColumn()),
    )
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        following = asyncio.create_task(_followed(bus, command, bar))
        try:
            yield
        finally:
            await ended(following)


async def _followed(bus: Bus, command: RegisterDataset | ReadSource, bar: Progress) -> None:
    task = bar.add_task(escape(f"waiting for its turn: {command.name}"), total=None)
    async for heard in bus.signs(command.ingestion_id):
        if isinstance(sign := heard.message, IngestionInHand):
            # Only bytes have an end that is known: what follows them takes as long as it takes.
            total = sign.total_bytes if sign.phase == "reading" else None
            bar.update(task, description=escape(said(sign)), completed=sign.bytes, total=total)


@contextmanager
def _pressed() -> Iterator[asyncio.Event]:
    """Yield what is set by Ctrl-C while the block runs, unless whoever started us wants it ignored."""
    pressed, loop = asyncio.Event(), asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield pressed
        return
    loop.add_signal_handler(signal.SIGINT, pressed.set)
    try:
        yield pressed
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)


async def _interrupted(bus: Bus, ingestion_id: str, order: "asyncio.Task[Event]") -> None:
    """Cancel the ingestion if that is wished, and end as Ctrl-C does; return if it was over before.

    Raises:
        KeyboardInterrupt: if it was cancelled, or goes on without us.
    """
    screen = terminal(stderr=True)
    if not _wished():
        screen.print("It goes on; cancel it on the page, or see what became of it with: trackside datasets")
        raise KeyboardInterrupt
    try:
        await bus.order(CancelIngestion(ingestion_id=ingestion_id), IngestionCancelled, seconds=_CANCEL_SECONDS)
    except CommandRefused as refused:
        if refused.refusal.reason == _OVER:
            return
        screen.print(f"{escape(refused.refusal.cause)} It goes on.")
        raise KeyboardInterrupt from None
    with suppress(CommandRefused):
        await order  # answered once it is put down
    screen.print("Cancelled; nothing of it is registered.")
    raise KeyboardInterrupt


def _wished() -> bool:
    """Return whether the person wants it cancelled; a second Ctrl-C is no answer, and ends us."""
    screen = terminal(stderr=True)
    if not screen.is_terminal:
        return False
    return screen.input("Cancel it? Else it goes on without you. (y/N) ").strip().lower() in {"y", "yes"}
