"""Why several files cannot become one dataset version: each with its cause, and what the person can do."""

from copy import copy

from contracts.errors import Refusal

_ONE_TABLE = "Give a folder or a pattern that holds the files of one table only."


class MixedFormats(Refusal):
    """Two files are of different formats."""

    def __init__(self, first: str, format_: str, other: str, other_format: str) -> None:
        super().__init__(
            f"{first} is {format_} and {other} is {other_format}: the files of one version have one format.",
            "Give the files of one format, or write all in one.",
        )


class NothingInCommon(Refusal):
    """A file has no column that the others have."""

    def __init__(self, first: str, other: str) -> None:
        super().__init__(f"{other} shares no column with {first}, so they are not parts of one table.", _ONE_TABLE)


class TypesDiffer(Refusal):
    """A column has types in two files that no type holds without loss."""

    def __init__(self, column: str, first: str, type_: str, other: str, other_type: str) -> None:
        super().__init__(
            f"The column {column} is {type_} in {first} and {other_type} in {other}.",
            "Write it with one type in all files, or leave one of the files out.",
        )


class TooLargeForFraction(Refusal):
    """A column of integers in one file has fractions in another, which cannot hold the integers."""

    def __init__(self, column: str, file: str, fractions: str) -> None:
        super().__init__(
            f"The column {column} has integers beyond 2^53 in {file} and fractions in {fractions}; together, digits "
            "would be lost.",
            "Write it with one type in all files: as text if every digit counts.",
        )


def told_with(refusal: Refusal, file: str) -> Refusal:
    """Return the refusal of one file among several, which says in which."""
    if file in refusal.cause:
        return refusal
    told = copy(refusal)
    told.cause = f"{file}: {refusal.cause}"
    told.args = (f"{told.cause} {told.cure}",)
    return told
