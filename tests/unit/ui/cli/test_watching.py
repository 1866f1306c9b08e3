import asyncio
import io
from datetime import timedelta

from rich.console import Console

from contracts.message import Message
from tests.builders import a_fit_completed, an_experiment_started
from tests.builders.bus import told
from tests.builders.messages import NOON
from tests.builders.refereed import a_refereed_board, a_refereed_start, refereed_fits
from ui.cli.board import INTERRUPTED
from ui.cli.race import Race
from ui.cli.watching import printer


def printed(*messages: Message) -> list[str]:
    """Return the lines that are printed while these are heard."""

    async def main() -> str:
        screen, race = Console(file=io.StringIO(), width=200), Race()
        show = printer(race, screen)
        for message in messages:
            race.hear(told(message))
            show()
        assert isinstance(screen.file, io.StringIO)
        return screen.file.getvalue()

    return asyncio.run(main()).splitlines()


def test_no_line_is_printed_before_it_is_known_how_many_fits_there_are() -> None:
    assert printed(a_fit_completed()) == []


def test_the_first_line_and_the_last_are_printed_at_once() -> None:
    fits = [a_fit_completed("tree", fold) for fold in range(2)]
    assert printed(an_experiment_started(fits=2), *fits) == ["0/2 fits", "2/2 fits"]


def test_a_line_says_that_the_race_is_at_its_end_when_retiring_saves_the_fits_that_were_awaited() -> None:
    async def main() -> str:
        screen, race = Console(file=io.StringIO(), width=200), Race()
        show = printer(race, screen)
        for message in (a_refereed_start(), *refereed_fits()):
            race.hear(told(message, at=NOON))
        race.look(12.0, NOON + timedelta(hours=1))
        show()
        race.hear(told(a_refereed_board()))
        show()
        assert isinstance(screen.file, io.StringIO)
        return screen.file.getvalue()

    before, after = asyncio.run(main()).splitlines()
    assert before.startswith("66/100 fits")
    assert after.startswith("66/66 fits, best lightgbm AUC 0.93")


def test_a_line_says_that_a_race_is_interrupted_and_the_next_that_it_goes_on() -> None:
    async def main() -> str:
        screen, race = Console(file=io.StringIO(), width=200), Race()
        show = printer(race, screen)
        race.hear(told(an_experiment_started(fits=2), at=NOON))
        for silent_for in (0.0, 12.0, 13.0, 1.0):
            race.look(silent_for, NOON + timedelta(hours=1))
            show()
        assert isinstance(screen.file, io.StringIO)
        return screen.file.getvalue()

    assert asyncio.run(main()).splitlines() == ["0/2 fits", f"0/2 fits, {INTERRUPTED}", "0/2 fits"]
