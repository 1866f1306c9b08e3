"""`trackside leaderboard`."""

from typing import Annotated

import typer
from rich.console import Console

from contracts.evaluation import GetLeaderboard, Leaderboard
from ui.cli.board import standings_table
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, terminal
from ui.cli.train import Watch
from ui.cli.watching import watched


def leaderboard(
    experiment: Annotated[str, typer.Argument(metavar="EXP", help="The experiment's id.")],
    *,
    watch: Watch = False,
    as_json: Json = False,
) -> None:
    """Show who leads an experiment."""
    board = run(_ask(experiment, terminal(stderr=as_json) if watch else None))
    if as_json:
        print_json(board)
        return
    terminal().print(standings_table(board))
    terminal().print(ending(board))


def ending(board: Leaderboard) -> str:
    """Return in one line how many fits a leaderboard counts, and whether more will come."""
    if board.cancelled:
        return f"cancelled after {board.fits_counted} fits"
    return f"{board.fits_counted} fits counted, {'final' if board.final else 'the race goes on'}"


async def _ask(experiment: str, screen: Console | None) -> Leaderboard:
    async with connected() as connection:
        board = await connection.bus.ask(GetLeaderboard(experiment_id=experiment))
        if screen is None or board.final:
            return board
        await watched(connection.bus, experiment, screen)
        return await connection.bus.ask(GetLeaderboard(experiment_id=experiment))
