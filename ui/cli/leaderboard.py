"""`trackside leaderboard`."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from contracts.evaluation import GetLeaderboard, Leaderboard
from ui.cli.connection import connected, run
from ui.cli.options import Json, NoEnsembles, UnderMb, UnderMs
from ui.cli.output import counted, print_json, terminal
from ui.cli.race import Race
from ui.cli.standings import print_board
from ui.cli.train import Watch
from ui.cli.verdict import cancelled_after, check_refitted, check_won
from ui.cli.watching import watched
from ui.limits import Limits, limits_line


def leaderboard(
    experiment: Annotated[str, typer.Argument(metavar="EXP", help="The experiment's id.")],
    *,
    under_ms: UnderMs = None,
    under_mb: UnderMb = None,
    no_ensembles: NoEnsembles = False,
    watch: Watch = False,
    as_json: Json = False,
) -> None:
    """Show who leads an experiment, and who is the best within limits of what may be served."""
    limits = Limits(under_ms, under_mb, ensembles=not no_ensembles)
    board, race = run(_ask(experiment, terminal(stderr=as_json) if watch else None))
    if as_json:
        print_json(board)
    else:
        print_board(board, board.folds, limits)
    if watch:
        check_won(board, fits_of(board))
        check_refitted(race.refit_failed)
    if not as_json:
        terminal().print(ending(board))
        if limits:
            terminal().print(escape(limits_line(board, limits)), soft_wrap=True)


def ending(board: Leaderboard) -> str:
    """Return in one line how many fits a leaderboard counts, and whether more will come."""
    if board.cancelled:
        return cancelled_after(board.fits_counted, fits_of(board))
    return f"{counted(board.fits_counted, 'fit')} counted, {'final' if board.final else 'the race goes on'}"


def fits_of(board: Leaderboard) -> int | None:
    """Return how many fits the race is, without those that retiring saves; None if the platform is too old to say."""
    return None if board.folds is None else board.folds * len(board.standings) - board.fits_saved


async def _ask(experiment: str, screen: Console | None) -> tuple[Leaderboard, Race]:
    """Return the leaderboard, once it is final if there is a screen to watch on, and the race that was watched."""
    async with connected() as connection:
        board = await connection.bus.ask(GetLeaderboard(experiment_id=experiment))
        if screen is None or board.final:
            return board, Race()
        race = await watched(connection.bus, experiment, screen)
        return await connection.bus.ask(GetLeaderboard(experiment_id=experiment)), race
