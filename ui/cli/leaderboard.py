"""`trackside leaderboard`."""

from typing import Annotated

import typer
from rich.console import Console

from contracts.evaluation import GetLeaderboard, Leaderboard
from ui.cli.board import standings_table
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import counted, print_json, terminal
from ui.cli.race import Race
from ui.cli.train import Watch
from ui.cli.verdict import cancelled_after, check_refitted, check_won
from ui.cli.watching import watched


def leaderboard(
    experiment: Annotated[str, typer.Argument(metavar="EXP", help="The experiment's id.")],
    *,
    watch: Watch = False,
    as_json: Json = False,
) -> None:
    """Show who leads an experiment."""
    board, race = run(_ask(experiment, terminal(stderr=as_json) if watch else None))
    if as_json:
        print_json(board)
    else:
        terminal().print(standings_table(board, board.folds))
    if watch:
        check_won(board, fits_of(board))
        check_refitted(race.refit_failed)
    if not as_json:
        terminal().print(ending(board))


def ending(board: Leaderboard) -> str:
    """Return in one line how many fits a leaderboard counts, and whether more will come."""
    if board.cancelled:
        return cancelled_after(board.fits_counted, fits_of(board))
    return f"{counted(board.fits_counted, 'fit')} counted, {'final' if board.final else 'the race goes on'}"


def fits_of(board: Leaderboard) -> int | None:
    """Return how many fits the whole race is; None if the platform is too old to say."""
    return None if board.folds is None else board.folds * len(board.standings)


async def _ask(experiment: str, screen: Console | None) -> tuple[Leaderboard, Race]:
    """Return the leaderboard, once it is final if there is a screen to watch on, and the race that was watched."""
    async with connected() as connection:
        board = await connection.bus.ask(GetLeaderboard(experiment_id=experiment))
        if screen is None or board.final:
            return board, Race()
        race = await watched(connection.bus, experiment, screen)
        return await connection.bus.ask(GetLeaderboard(experiment_id=experiment)), race
