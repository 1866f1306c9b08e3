"""The source ``snowflake``: a table or a query of Snowflake, in Arrow as its own connector gives it."""

from contextlib import AbstractContextManager
from typing import ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator

from services.ingest.domain.statement import query_of
from services.ingest.sources import Credentials, Found, Options
from services.ingest.sources.snowflake_rows import snowflake_rows
from services.ingest.sources.snowflake_session import session_of


class SnowflakeOptions(Options):
    """Which account, and what of it."""

    account: str = Field(examples=["myorg-account123"])
    """The account's identifier."""
    host: str | None = Field(default=None, examples=["myorg-account123.privatelink.snowflakecomputing.com"])
    """The host, if it is not the one that the account's identifier names."""
    port: int | None = Field(default=None, ge=1, le=65535)
    """The port, if it is not the protocol's own."""
    protocol: Literal["https", "http"] = "https"
    """How the host is spoken to; http only for a server on this machine."""
    warehouse: str | None = Field(default=None, examples=["ANALYSTS"])
    """The warehouse that works out the answer; the user's own if unset."""
    database: str | None = None
    """The database in which names are looked up."""
    schema_name: str | None = None
    """The schema in which names are looked up."""
    role: str | None = None
    """The role to read as; the user's own if unset."""
    table: str | None = Field(default=None, examples=["SALES.PUBLIC.ORDERS"])
    """The table to read whole; either this or a query."""
    query: str | None = Field(default=None, examples=["SELECT * FROM orders"])
    """The one query to read, which changes nothing; either this or a table."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.table is None) == (self.query is None):
            raise ValueError("say either a table or a query")
        if self.protocol == "http" and self.host not in ("localhost", "127.0.0.1"):
            raise ValueError("http is for a host on this machine: others are spoken to by https")
        return self

    @property
    def where(self) -> str:
        """Return the account, where names are looked up, and what is read there."""
        names = "/".join(name for name in (self.account, self.database, self.schema_name) if name)
        return f"snowflake://{names} {self.table or ' '.join(str(self.query).split())}"


class SnowflakeCredentials(Credentials):
    """Who reads: a user with a password, a private key, or a token."""

    user: str
    """The user who logs in."""
    password: SecretStr | None = None
    """The user's password, or a programmatic access token in its place."""
    private_key: SecretStr | None = None
    """The user's private key as PEM (PKCS8)."""
    private_key_passphrase: SecretStr | None = None
    """What the private key is encrypted with, if it is."""
    token: SecretStr | None = None
    """An OAuth access token."""

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if sum(proof is not None for proof in (self.password, self.private_key, self.token)) != 1:
            raise ValueError("store one of password, private_key, token")
        return self


class SnowflakeSource:
    """Reads a table or a query of Snowflake."""

    kind: ClassVar[str] = "snowflake"
    summary: ClassVar[str] = "A table or a query of Snowflake."
    options: ClassVar[type[Options]] = SnowflakeOptions
    credentials: ClassVar[type[Credentials] | None] = SnowflakeCredentials

    def open(
        self, options: SnowflakeOptions, credentials: SnowflakeCredentials | None
    ) -> AbstractContextManager[Found]:
        """Hold a query's rows, and the session that gives them, until the context ends."""
        query = query_of(options.table, options.query, fold=str.upper)
        place = options.model_dump(include=set(_PLACE), exclude_none=True)
        session = {_PLACE[name]: value for name, value in place.items()}
        return snowflake_rows({**session, **session_of(options.account, credentials)}, options.account, query)


_PLACE = {
    **{name: name for name in ("account", "host", "port", "protocol", "warehouse", "database", "role")},
    "schema_name": "schema",
}
"""What the options are called in the connector."""
