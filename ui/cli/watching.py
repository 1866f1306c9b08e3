"""Following an experiment in the terminal until it is over: a live board on a screen, plain lines elsewhere."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live

from contracts.vigil import Vigil
from infra.bus import Bus, Delivered
from infra.clock import utc_now
from ui.cli.board import drawn, progress_line
from ui.cli.race import Race

_FRAMES = 4
_LINE_EVERY = 2.0
_LOOK_EVERY = 1.0


async def watched(bus: Bus, experiment: str, screen: Console) -> Race:
    """Show an experiment on ``screen`` from its first fact, and return it once it is over."""
    race = Race()
    vigil = Vigil(time.monotonic())
    with _shown(race, screen) as show:
        beside = [
            asyncio.create_task(_hear_signs(bus, experiment, race, vigil, show)),
            asyncio.create_task(_look(race, vigil, show)),
        ]
        try:
            await _hear_facts(bus, experiment, race, vigil, show)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
    return race


async def _hear_facts(bus: Bus, experiment: str, race: Race, vigil: Vigil, show: Callable[[], None]) -> None:
    async for fact in bus.facts(key=experiment):
        _hear(fact, race, vigil)
        show()
        if race.over:
            return


async def _hear_signs(bus: Bus, experiment: str, race: Race, vigil: Vigil, show: Callable[[], None]) -> None:
    """Hear the signs of all experiments: one whose workers are busy elsewhere only waits its turn."""
    async for sign in bus.signs():
        _hear(sign, race if sign.message.key == experiment else None, vigil)
        show()


def _hear(told: Delivered, race: Race | None, vigil: Vigil) -> None:
    vigil.hear(told.message, time.monotonic())
    if race is not None:
        race.hear(told)
        race.look(vigil.silent_for(time.monotonic()), utc_now())


async def _look(race: Race, vigil: Vigil, show: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        race.look(vigil.silent_for(time.monotonic()), utc_now())
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
    """Return what prints the race's line when more is done, at most every two seconds, or when it is interrupted."""
    clock = asyncio.get_running_loop().time
    last = (-_LINE_EVERY, (-1, -1), False)

    def show() -> None:
        nonlocal last
        now, progress = clock(), (race.done, race.fits)
        due = progress != last[1] and (race.done == race.fits or now - last[0] >= _LINE_EVERY)
        if race.started is not None and (due or race.interrupted != last[2]):
            screen.print(progress_line(race), soft_wrap=True)
            last = (now, progress, race.interrupted)

    return show
