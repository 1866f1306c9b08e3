"""What Snowflake's errors mean, in words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from snowflake.connector import errors

from contracts.errors import TracksideError
from services.ingest.domain.database_errors import (
    ColumnMissing,
    DatabaseUnavailable,
    LoginRefused,
    QueryEnded,
    QueryFailed,
    ReadingForbidden,
    TableMissing,
)

_WORDS = {2003: TableMissing, 2043: TableMissing, 904: ColumnMissing, 3001: ReadingForbidden}
_ENDED = (604, 630)
_LOGIN = range(390_000, 400_000)
_REFUSED = re.compile(r"incorrect username|password|jwt token|oauth|authentication|not allowed|locked", re.IGNORECASE)


@contextmanager
def failed(where: str) -> Iterator[None]:
    """Say in words what a query fails with while the block runs.

    Raises:
        Refusal: if the query is at fault, or who asks it.
        DatabaseUnavailable: if Snowflake does not answer.
    """
    try:
        yield
    except errors.Error as error:
        raise _refusal(where, error) from None


@contextmanager
def unconnected(where: str) -> Iterator[None]:
    """Say in words why nobody was let in while the block runs; the connector's own are not repeated.

    Raises:
        LoginRefused: if it does not believe who is asking.
        DatabaseUnavailable: if it does not answer.
    """
    try:
        yield
    except errors.Error as error:
        refused = (error.errno or 0) in _LOGIN or _REFUSED.search(str(error))
        raise LoginRefused(where) if refused else DatabaseUnavailable(f"{where} does not answer") from None


def _refusal(where: str, error: errors.Error) -> TracksideError:
    words = " ".join(str(error.raw_msg or error.msg or "no reason is given").split())[:300].rstrip(".!")
    if error.errno in _ENDED or error.sqlstate == "57014":
        return QueryEnded(where)
    if error.errno in _LOGIN:
        return LoginRefused(where)
    if isinstance(error, errors.ProgrammingError):
        fact = (
            ColumnMissing if "column" in words and "not found" in words else _WORDS.get(error.errno or 0, QueryFailed)
        )
        return fact(where, words)
    return DatabaseUnavailable(f"{where} does not answer: {type(error).__name__}")
