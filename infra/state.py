"""A service's own state: SQLAlchemy Core over SQLite, or PostgreSQL by URL.

One transaction holds what a handler changed, the id of the message that it handled, and the messages that it returned:
they commit together or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable, MetaData, Result, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import StaticPool

from contracts.errors import Unavailable


class StateUnavailable(Unavailable):
    """The database is away, locked, or was written meanwhile."""


class Transaction:
    """A transaction that begins with the first statement, so that a long handler holds no lock while it works."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The connection, begun if it was not."""
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()
        return self._connection

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Execute one statement within this transaction."""
        return self.connection.execute(statement, parameters)

    def glance(self, statement: Executable) -> Result[Any]:
        """Execute a statement that only reads, at once and apart: nothing stays locked, and this has not begun."""
        with self._engine.connect() as connection:
            return connection.execute(statement).freeze()()

    def _end(self, *, commit: bool) -> None:
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        try:
            if commit:
                connection.commit()
            else:
                connection.rollback()
        finally:
            connection.close()


class State:
    """A service's database."""

    def __init__(self, url: str, *tables: MetaData) -> None:
        """Open the database at ``url`` and make the tables that it lacks."""
        self._engine = _engine(url)
        for metadata in tables:
            metadata.create_all(self._engine)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Yield a transaction that commits at the end, or rolls back on an error.

        Raises:
            StateUnavailable: if the database is away, locked, or was written meanwhile.
        """
        transaction = Transaction(self._engine)
        try:
            yield transaction
            transaction._end(commit=True)
        except (OperationalError, DBAPIError) as error:
            transaction._end(commit=False)
            raise StateUnavailable(str(error.orig)) from error
        except BaseException:
            transaction._end(commit=False)
            raise

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, isolation_level="SERIALIZABLE", pool_pre_ping=True)
    in_memory = url in {"sqlite://", "sqlite:///:memory:"}
    engine = (
        create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        if in_memory
        else create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin too late (at the first write) for read-then-write to be safe.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
