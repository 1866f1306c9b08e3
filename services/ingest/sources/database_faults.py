"""What a database's errors mean, in words; what it says is repeated only where no secret can be in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
from adbc_driver_manager import dbapi

from contracts.errors import TracksideError
from services.ingest.domain.database_errors import (
    ColumnMissing,
    DatabaseMissing,
    DatabaseUnavailable,
    LoginRefused,
    NotOneQuery,
    QueryEnded,
    QueryFailed,
    QueryWrites,
    ReadingForbidden,
    TableMissing,
)

_STATE = re.compile(r"SQLSTATE: (\w{5})")
_SAID = re.compile(r"(?:ERROR|FATAL):\s*(.*)")
_STATES = {"42P01": TableMissing, "3F000": TableMissing, "42703": ColumnMissing, "42501": ReadingForbidden}
_AWAY = ("08", "53", "57P", "40", "58")
_ENDING = ("server closed the connection", "terminating connection", "conflict with recovery", "connection not open")
_WRITING = ("read-only transaction", "data-modifying")
_LATER = ("starting up", "shutting down", "too many", "remaining connection slots", "in recovery")
_PROOF = ("password", "authentication", "pg_hba.conf", "role", "no pg_hba", "certificate")


@contextmanager
def failed(where: str) -> Iterator[None]:
    """Say in words what a statement fails with while the block runs.

    Raises:
        Refusal: if the query is at fault, or who asks it.
        DatabaseUnavailable: if the server is.
    """
    try:
        yield
    except (dbapi.Error, pa.ArrowException, OSError) as error:
        raise _refusal(where, str(error), getattr(error, "sqlstate", None)) from None


def unconnected(where: str, problem: str) -> TracksideError:
    """Return why nobody was let in, or reached: not in the driver's words, since they may hold the address."""
    fatal = _SAID.search(problem)
    said = fatal[1] if fatal else ""
    if any(word in said for word in _LATER):
        return DatabaseUnavailable(f"{where} takes no connections now")
    if said.startswith("database ") and "does not exist" in said:
        return DatabaseMissing(where)
    if any(word in said for word in _PROOF) or "no password supplied" in problem:
        return LoginRefused(where)
    return DatabaseUnavailable(f"{where} does not answer")


def _refusal(where: str, problem: str, state: str | None) -> TracksideError:
    found = _STATE.search(problem)
    state = state or (found[1] if found else "")
    said = _SAID.search(problem)
    words = said[1].strip() if said else problem.splitlines()[0].strip()
    if state == "57014" or "canceling statement due to" in words:
        return QueryEnded(where)
    if state.startswith(_AWAY) or any(word in problem for word in _ENDING):
        return DatabaseUnavailable(f"{where} ended the connection: {words}")
    if state == "25006" or any(word in words for word in _WRITING):
        return QueryWrites(where)
    if "multiple commands" in words:
        return NotOneQuery("one and goes on with another")
    return _STATES.get(state, QueryFailed)(where, words)
