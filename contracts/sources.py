"""Where rows come from when nobody uploads a file: what ingest is asked to read, and which kinds of source it knows."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from contracts.ids import Key, Name
from contracts.message import Command, Query, Value


class SourceAsked(Value):
    """A place to read rows from: of some kind, by its options, with credentials that only ingest knows."""

    kind: Name
    """Which connector reads it; ListSources names them."""
    options: Mapping[str, str] = Field(default_factory=dict)
    """What that kind wants to know, each as text; never a secret."""
    credentials: Name | None = None
    """The name under which ingest keeps what proves who is asking; None if nothing need be proven."""


class ReadSource(Command):
    """Read a source and make its rows the next version of the dataset ``name``.

    Answered by DatasetVersionRegistered or DatasetRejected, as an upload is.
    """

    subject: ClassVar[str] = "cmd.ingest.source.read.v1"
    keyed_by: ClassVar[str] = "ingestion_id"

    ingestion_id: Key
    name: Name
    """The dataset's name."""
    source: SourceAsked
    """Where the rows are."""


class SourceOption(Value):
    """One thing that a kind of source wants to know."""

    name: str
    """What it is called in ``options``."""
    meaning: str
    """What it says, in a sentence."""
    required: bool
    """Whether nothing can be read without it."""
    example: str | None = None
    """How it may look."""


class SourceKind(Value):
    """A kind of source that can be read here."""

    kind: Name
    """What it is called."""
    summary: str
    """What it reads, in a sentence."""
    options: tuple[SourceOption, ...]
    """What it wants to know."""
    secrets: tuple[SourceOption, ...] = ()
    """What its credentials hold; empty if it has none."""


class CredentialsKept(Value):
    """Credentials that ingest keeps: never what they hold."""

    name: Name
    """What a source's reader calls them."""
    kind: Name | None = None
    """The kind of source that they are for; None if that is not said."""


class SourceKinds(Value):
    """Every kind of source that ingest has a connector for, by name."""

    kinds: tuple[SourceKind, ...]
    """One by one."""
    credentials: tuple[CredentialsKept, ...] = ()
    """The credentials that there are, by name."""


class ListSources(Query[SourceKinds]):
    """Which kinds of source can be read?"""

    subject: ClassVar[str] = "qry.ingest.source.list.v1"
    keyed_by: ClassVar[str] = "scope"
    answer: ClassVar[type[Value]] = SourceKinds

    scope: Key = "all"
