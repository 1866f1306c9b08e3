"""The source ``sql``: a table or a query of PostgreSQL, or of a database file of SQLite or DuckDB."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from services.ingest.domain.database_errors import FileOutside
from services.ingest.domain.statement import query_of
from services.ingest.sources import Credentials, Found, Options
from services.ingest.sources.database_url import DatabaseUrl, database_url
from services.ingest.sources.duckdb_file import duckdb_rows
from services.ingest.sources.postgresql import postgresql_rows
from services.ingest.sources.sqlite_file import sqlite_rows


class SqlOptions(Options):
    """Which database, and what of it."""

    url: str = Field(examples=["postgresql://db.example:5432/sales"])
    """Where the database is: postgresql://host:port/name, sqlite:///file or duckdb:///file; no user or password."""
    table: str | None = Field(default=None, examples=["public.orders"])
    """The table to read whole; either this or a query."""
    query: str | None = Field(default=None, examples=["SELECT * FROM orders ORDER BY id"])
    """The one query to read, which changes nothing; either this or a table."""

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        database_url(url)
        return url

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.table is None) == (self.query is None):
            raise ValueError("say either a table or a query")
        return self

    @property
    def where(self) -> str:
        """Return the address, and what is read there."""
        return f"{self.url} {self.table or ' '.join(str(self.query).split())}"

    @property
    def at(self) -> DatabaseUrl:
        """Return the address in its parts."""
        return database_url(self.url)


class SqlCredentials(Credentials):
    """Who reads a PostgreSQL database; files need none."""

    user: str
    """The role that logs in; one that may read and nothing else is best."""
    password: SecretStr | None = None
    """Its password."""


class SqlSource:
    """Reads a table or a query of a database."""

    kind: ClassVar[str] = "sql"
    summary: ClassVar[str] = "A table or a query of PostgreSQL, or of a database file of SQLite or DuckDB."
    options: ClassVar[type[Options]] = SqlOptions
    credentials: ClassVar[type[Credentials] | None] = SqlCredentials

    def __init__(self, files: Path | None = None) -> None:
        """``files`` is the folder whose database files may be read; none may if None."""
        self._files = files

    def open(self, options: SqlOptions, credentials: SqlCredentials | None) -> AbstractContextManager[Found]:
        """Hold a query's rows, and what reading them needs, until the context ends."""
        query = query_of(options.table, options.query)
        at = options.at
        if at.file is not None:
            path = self._allowed(at.file)
            return (sqlite_rows if at.scheme == "sqlite" else duckdb_rows)(path, at.text, query)
        user, secret = (None, None) if credentials is None else (credentials.user, credentials.password)
        password = None if secret is None else secret.get_secret_value()
        return postgresql_rows(at.for_user(user, password), at.text, query)

    def _allowed(self, file: Path) -> Path:
        if self._files is None:
            raise FileOutside(str(file))
        folder = self._files.resolve()
        path = (folder / file).resolve()
        if not path.is_relative_to(folder):
            raise FileOutside(str(file))
        return path
