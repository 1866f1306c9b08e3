"""Why a file of some format cannot become a dataset version: each with its cause, and what the person can do."""

from collections.abc import Iterable

from contracts.errors import Refusal


class DamagedCompression(Refusal):
    """A compressed file is cut short, or holds other bytes than were compressed."""

    def __init__(self, filename: str, problem: str) -> None:
        super().__init__(
            f"{filename} cannot be decompressed to its end: {problem.rstrip('.')}.",
            "It may be cut short: copy or compress it again. Nothing of it was kept.",
        )


class GrowsTooMuch(Refusal):
    """A compressed file would fill the disk."""

    def __init__(self, filename: str, times: int) -> None:
        super().__init__(
            f"{filename} grows to more than {times} times its size when it is decompressed.",
            "If that is meant, decompress it first and give what is in it.",
        )


class NotJsonLines(Refusal):
    """More than half of the lines hold no JSON object."""

    def __init__(self, filename: str, listed: int, lines: int, example: str) -> None:
        super().__init__(
            f"{listed} of the {lines} lines in {filename} hold no row; the first: {example}.",
            "Write one JSON object on each line, without a list around them and without line ends in them.",
        )


class NoColumns(Refusal):
    """Nothing in the file has a name."""

    def __init__(self, filename: str) -> None:
        super().__init__(f"{filename} has no columns.", "Check the export that made it.")


class TooManyColumns(Refusal):
    """The rows have more different keys than a table has columns."""

    def __init__(self, filename: str, most: int) -> None:
        super().__init__(
            f"The rows of {filename} have more than {most:,} different keys.",
            "Keep what varies from row to row in a value, such as a list, rather than in a key.",
        )


class UnreadableArrow(Refusal):
    """The file begins as Arrow and cannot be read."""

    def __init__(self, filename: str, problem: str) -> None:
        super().__init__(f"{filename} is a damaged Arrow file: {problem.rstrip('.')}.", "Write or copy the file again.")


class UnreadableWorkbook(Refusal):
    """The file begins as an Excel workbook and cannot be read."""

    def __init__(self, filename: str, problem: str) -> None:
        super().__init__(
            f"{filename} cannot be read as an Excel workbook: {problem.rstrip('.')}.",
            "Save it again as .xlsx, or export the sheet as CSV.",
        )


class SeveralSheets(Refusal):
    """More than one sheet holds something, and nobody said which one is meant."""

    def __init__(self, filename: str, sheets: Iterable[str]) -> None:
        super().__init__(
            f"{filename} has several sheets: {', '.join(sheets)}.",
            "Save the one that is wanted in a workbook of its own, or export it as CSV.",
        )


class MergedCells(Refusal):
    """Cells are merged, so it is not said which rows have the value."""

    def __init__(self, sheet: str, places: Iterable[str]) -> None:
        super().__init__(
            f"The sheet {sheet} has merged cells: {', '.join(places)}.",
            "Unmerge them, and write the value into each cell that it stands for.",
        )


class UncalculatedFormulas(Refusal):
    """Formulas were written by a program that did not work out their values."""

    def __init__(self, sheet: str, cells: int) -> None:
        super().__init__(
            f"{cells} formulas in the sheet {sheet} have no value, because no spreadsheet program has calculated them.",
            "Open the workbook in a spreadsheet program and save it, or write values in place of formulas.",
        )


class ScratchFull(Refusal):
    """The disk that files are read on has no room for this one; reading it again at once would not help."""

    def __init__(self) -> None:
        super().__init__(
            "There is no room left on the disk where ingest reads files. Nothing of this one was kept.",
            "Make room there, or set INGEST_SCRATCH_DIR to a folder that has room for three times the unpacked file.",
        )


class TooLittleMemory(Refusal):
    """One reading may not hold as much in memory as this file needs."""

    def __init__(self) -> None:
        super().__init__(
            "The file needs more memory than one reading may hold; files of thousands of columns do.",
            "Leave out columns, raise INGEST_MEMORY_LIMIT, or write the table as Parquet.",
        )
