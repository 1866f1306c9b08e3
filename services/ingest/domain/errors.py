"""Why a file cannot become a dataset version: each with its cause, and what the person can do."""

from collections.abc import Iterable

from contracts.errors import Refusal


class UploadMissing(Refusal):
    """No bytes lie under the key of the command."""

    def __init__(self, upload: str) -> None:
        super().__init__(f"There is no upload {upload}.", "Upload the file under uploads/ first, then register it.")


class UnsupportedFormat(Refusal):
    """The file's name promises a format that is not read."""

    def __init__(self, filename: str) -> None:
        super().__init__(
            f"{filename} is by its name no format that is read.",
            "Export it as CSV (.csv, .tsv, .txt), JSON lines (.jsonl), Excel (.xlsx), Parquet (.parquet) or Arrow "
            "(.arrow, .feather), as it is or compressed (.gz, .zst).",
        )


class UnlikeItsName(Refusal):
    """The content is of another format than the name says."""

    def __init__(self, filename: str, seems: str) -> None:
        super().__init__(
            f"{filename} is not what its name says: it seems to be {seems}.",
            "Give the file the ending of its real format, or export it again.",
        )


class EmptyFile(Refusal):
    """The file holds nothing."""

    def __init__(self, filename: str) -> None:
        super().__init__(f"{filename} is empty.", "Check the export that made it: it should hold a header and rows.")


class NoRows(Refusal):
    """There is a header and nothing below it."""

    def __init__(self, filename: str) -> None:
        super().__init__(f"{filename} holds column names but no rows.", "Check the export that made it.")


class TooFewRows(Refusal):
    """One row teaches nothing."""

    def __init__(self, filename: str, rows: int) -> None:
        super().__init__(
            f"{filename} holds {rows} usable {'row' if rows == 1 else 'rows'}; a dataset needs at least 2.",
            "Add rows; to train on it you will need far more.",
        )


class DuplicateColumns(Refusal):
    """Two columns share a name, large and small letters alike."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"These column names occur more than once (capitals do not count): {', '.join(names)}.",
            "Rename the columns so that each name is used once.",
        )


class EmptyColumnName(Refusal):
    """A column has no name."""

    def __init__(self, positions: Iterable[int]) -> None:
        super().__init__(
            f"The header has no name for column {', '.join(map(str, positions))}.",
            "Name it or remove it; a table written together with its row index has one such column in front.",
        )


class UnreadableEncoding(Refusal):
    """Some bytes are no text in the encoding that the file begins in."""

    def __init__(self, encoding: str, line: int, byte: int) -> None:
        super().__init__(
            f"The text cannot be read as {encoding}: line {line} holds the byte 0x{byte:02x} in a wrong place.",
            "Save the file as UTF-8.",
        )


class MixedEncodings(Refusal):
    """Parts of the file are in UTF-8 and parts are not."""

    def __init__(self, line: int, byte: int) -> None:
        super().__init__(
            f"The file mixes encodings: parts are UTF-8, but line {line} holds the byte 0x{byte:02x}, which is not.",
            "Find where that line came from, and save all parts as UTF-8 before joining them.",
        )


class UnclosedQuote(Refusal):
    """A quoted value begins and never ends."""

    def __init__(self, line: int) -> None:
        super().__init__(
            f"A quoted value begins on line {line} and never ends, so it swallows the rest of the file.",
            'Close the quote, or write a quote within a value twice ("").',
        )


class TooManyMalformedRows(Refusal):
    """More than half of the rows do not fit the header or the types."""

    def __init__(self, listed: int, records: int, example: str) -> None:
        super().__init__(
            f"{listed} of {records} rows are malformed; the first: {example}.",
            "Check the delimiter, the quotes and that every row has as many values as the header has names.",
        )


class UnreadableParquet(Refusal):
    """The file begins as Parquet and cannot be read."""

    def __init__(self, filename: str, problem: str) -> None:
        super().__init__(
            f"{filename} is a damaged Parquet file: {problem.rstrip('.')}.", "Write or copy the file again."
        )


class UnsupportedColumns(Refusal):
    """Columns hold what a table of plain values cannot."""

    def __init__(self, columns: Iterable[str]) -> None:
        super().__init__(
            f"These columns cannot be read: {', '.join(columns)}.",
            "Turn them into numbers, text, booleans, dates or timestamps of at most microseconds, or leave them out.",
        )


class AccountingFailed(Refusal):
    """The reader and an independent count disagree on how many rows there are."""

    def __init__(self, records: int, rows: int, listed: int) -> None:
        super().__init__(
            f"Of the file's {records} rows only {rows} were read and {listed} listed as malformed; some would be lost.",
            "Repair the malformed rows, or write the table as Parquet.",
        )


class NotForPublishers(Refusal):
    """No command of this name may be sent from outside."""

    def __init__(self, name: str, commands: Iterable[str]) -> None:
        super().__init__(f"A publisher cannot be let to send {name}.", f"It may send: {', '.join(commands)}.")


class UnknownFact(Refusal):
    """No fact has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no fact {name} to hear.", "docs/events lists every fact by its name.")


class NameTaken(Refusal):
    """Another publisher or webhook, or a part of the platform, has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The name {name} is taken.", "Choose another name, or remove what has it first.")


class UnknownPublisher(Refusal):
    """No publisher of this name is let in."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no publisher {name}.", "List the publishers to see who is let in.")


class UnknownWebhook(Refusal):
    """No webhook has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no webhook {name}.", "List the webhooks to see which there are.")
