"""Following an experiment in the terminal until it is over: a live board on a screen, plain lines elsewhere."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live

from infra.bus import Bus
from ui.cli.board import drawn, progress_line
from ui.cli.race import Race

_FRAMES = 4
_LINE_EVERY = 2.0


async def watched(bus: Bus, experiment: str, screen: Console) -> Race:
    """Show an experiment on ``screen`` from its first fact, and return it once it is over."""
    race = Race()
    with _shown(race, screen) as show:
        signs = asyncio.create_task(_hear_signs(bus, experiment, race, show))
        try:
            await _hear_facts(bus, experiment, race, show)
        finally:
            signs.cancel()
            await asyncio.gather(signs, return_exceptions=True)
    return race


async def _hear_facts(bus: Bus, experiment: str, race: Race, show: Callable[[], None]) -> None:
    async for fact in bus.facts(key=experiment):
        race.hear(fact)
        show()
        if race.over:
            return


async def _hear_signs(bus: Bus, experiment: str, race: Race, show: Callable[[], None]) -> None:
    async for sign in bus.signs(key=experiment):
        race.hear(sign)
        show()


@contextmanager
def _shown(race: Race, screen: Console) -> Iterator[Callable[[], None]]:
    if not screen.is_terminal:
        yield printer(race, screen)
        return
    # It leaves the screen when the race is over: whoever watched prints how it ended.
    with Live(get_renderable=lambda: drawn(race), console=screen, refresh_per_second=_FRAMES, transient=True):
        # Facts come in bursts; the screen is drawn by its own clock.
        yield lambda: None


def printer(race: Race, screen: Console) -> Callable[[], None]:
    """Return what prints the race's line when a fit is done, at most every two seconds."""
    clock = asyncio.get_running_loop().time
    last = (-_LINE_EVERY, -1)

    def show() -> None:
        nonlocal last
        now, done = clock(), len(race.outcomes)
        finished = done == race.fits
        if race.started is not None and done != last[1] and (finished or now - last[0] >= _LINE_EVERY):
            screen.print(progress_line(race), soft_wrap=True)
            last = (now, done)

    return show
