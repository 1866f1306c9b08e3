"""Whether a race that was watched has a winner; if not, the command fails."""

from contracts.evaluation import Leaderboard, LeaderboardUpdated
from contracts.training import RefitFailed
from ui.cli.exits import Failed


def check_won(board: LeaderboardUpdated | Leaderboard, fits: int | None) -> None:
    """Fail if the race of a final leaderboard made no model; ``fits`` is how many there would have been.

    Raises:
        Failed: saying why.
    """
    if board.cancelled:
        raise Failed(f"The race was {cancelled_after(board.fits_counted, fits)}.")
    if not any(standing.place == 1 for standing in board.standings):
        raise Failed("No fit succeeded, so there is no winner. The leaderboard says why each candidate failed.")


def check_refitted(failed: RefitFailed | None) -> None:
    """Fail if the winner could not be refitted.

    Raises:
        Failed: saying why.
    """
    if failed is not None:
        raise Failed(f"The winner could not be refitted. {failed.cause} {failed.cure}")


def cancelled_after(counted: int, fits: int | None) -> str:
    """Return how far a cancelled race came.

    >>> cancelled_after(40, 280)
    'cancelled after 40 of 280 fits; no model was made'
    """
    return f"cancelled after {counted}{'' if fits is None else f' of {fits}'} fits; no model was made"
