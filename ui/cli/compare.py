"""`trackside compare`."""

import zipfile
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape

from contracts.evaluation import GetLeaderboard, Leaderboard
from contracts.experiment_file import BOARD
from ui.cli.connection import connected, run
from ui.cli.exits import Failed, WrongUsage
from ui.cli.options import Json
from ui.cli.output import counted, print_json, print_table, terminal
from ui.cli.sameness import ComparedBoard, Comparison, compared

_MOST_SENTENCES = 20
_DIGITS = 12


def compare(
    experiments: Annotated[
        list[str],
        typer.Argument(
            metavar="EXP EXP...",
            help="Ids of experiments, or files: what `leaderboard EXP --json` printed, or `export EXP` wrote.",
        ),
    ],
    *,
    as_json: Json = False,
) -> None:
    """Say whether experiments came to the same leaderboard, bit for bit, or what differs from the first."""
    sources = list(dict.fromkeys(experiments))
    if len(sources) < 2:
        raise WrongUsage("One leaderboard has nothing to be compared with. Name two experiments or files.")
    comparison = compared(_boards(sources))
    if as_json:
        print_json(comparison)
    else:
        report(comparison)
    if not comparison.same:
        raise Failed("These are not the same board.")


def report(comparison: Comparison) -> None:
    """Print a line for each board, what differs, and whether they are one."""
    print_table(
        ("BOARD", "DIGEST", ">LARGEST DIFFERENCE", "DIFFERS IN"), map(_row, comparison.boards), empty="no boards"
    )
    for board in comparison.boards:
        for sentence in board.differences[:_MOST_SENTENCES]:
            terminal().print(f"{escape(board.source)}: {escape(sentence)}", soft_wrap=True)
        left = len(board.differences) - _MOST_SENTENCES
        if left > 0:
            terminal().print(f"{escape(board.source)}: and {counted(left, 'difference')} more", soft_wrap=True)
    if comparison.same:
        terminal().print(f"the same board, bit for bit, {len(comparison.boards)} times")


def _row(board: ComparedBoard) -> tuple[str, ...]:
    largest = "" if board.largest is None else f"{board.largest:.3g}"
    return escape(board.source), board.digest[:_DIGITS], largest, ", ".join(board.differs_in) or "nothing"


def _boards(sources: list[str]) -> dict[str, Leaderboard]:
    boards = {source: _read(Path(source)) for source in sources if Path(source).is_file()}
    ids = [source for source in sources if source not in boards]
    if ids:
        boards |= run(_asked(ids))
    for source, board in boards.items():
        if not board.final:
            raise Failed(
                f"The race {source} is not over. Wait for it: trackside leaderboard {board.experiment_id} --watch"
            )
    return {source: boards[source] for source in sources}


async def _asked(experiments: list[str]) -> dict[str, Leaderboard]:
    async with connected() as connection:
        return {each: await connection.bus.ask(GetLeaderboard(experiment_id=each)) for each in experiments}


def _read(file: Path) -> Leaderboard:
    try:
        return Leaderboard.model_validate_json(_board_in(file))
    except (ValidationError, zipfile.BadZipFile, KeyError):
        cure = "Write one with: trackside leaderboard EXP --json > FILE, or export the experiment: trackside export EXP"
        raise WrongUsage(f"{file} holds no leaderboard. {cure}") from None


def _board_in(file: Path) -> bytes:
    """Return the bytes of a leaderboard: the file's own, or those in an exported experiment."""
    if not zipfile.is_zipfile(file):
        return file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        return archive.read(BOARD)
