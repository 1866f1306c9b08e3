"""Sources: one class for each kind, found by the entry points ``trackside.sources``.

A source says what is there to read, as files or as rows; reading them, counting, typing and registering is ingest's own
work and the same for all. It keeps no state: what was read before is known from the manifest of the version it made.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

import pyarrow as pa
from pydantic import BaseModel, ConfigDict


class Options(BaseModel, ABC):
    """What a kind of source wants to know: each field has its sentence, and text becomes what the field is."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @property
    @abstractmethod
    def where(self) -> str:
        """Return where it reads, for people and for the fact: it never holds a secret."""


class Credentials(BaseModel):
    """What proves who is asking: secret fields are ``SecretStr``, so that nothing prints them."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


@dataclass(frozen=True)
class File:
    """A file that a source holds."""

    name: str
    """Its name where it comes from, folders included; its ending says the format, a folder ``year=2026`` a column."""
    size: int | None
    """Bytes, if the source knows."""
    identity: str | None
    """What changes whenever its bytes do: an ETag, a digest, a commit's blob; None if the source cannot tell."""
    open: Callable[[], Iterator[bytes]]
    """Yields its bytes from the beginning, each time anew and in any thread; may raise a Refusal or Unavailable."""


@dataclass(frozen=True)
class Files:
    """The files that one dataset version is made of: parts of one table, read in the order of their names."""

    files: Sequence[File]
    lineage: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What else is known of where they come from: a commit, a revision."""


@dataclass(frozen=True)
class Rows:
    """Rows in Arrow batches, as a database answers."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    """Read once, from first to last; the schema of each is ``schema``."""
    counted: Callable[[], int | None]
    """Returns how many rows there are by a count of its own, once all are read; None if nothing can count them."""
    identity: str | None = None
    """What changes whenever the rows do; None if the source cannot tell."""
    lineage: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What else is known of where they come from: a query's id, the server's time."""
    notes: tuple[str, ...] = ()
    """What a person should know about how they are read."""


Found = Files | Rows


class Source(Protocol):
    """A kind of source."""

    kind: ClassVar[str]
    """What it is called."""
    summary: ClassVar[str]
    """What it reads, in a sentence for a person."""
    options: ClassVar[type[Options]]
    credentials: ClassVar[type[Credentials] | None]
    """What it can prove itself by; None if it takes no credentials."""

    def open(self, options: Any, credentials: Any) -> AbstractContextManager[Found]:
        """Look what is there, and hold what reading needs until the context ends.

        Args:
            options: of the class ``options``.
            credentials: of the class ``credentials``; None if the asker named none.

        Raises:
            Refusal: if it cannot be read, and asking again would not help: with the cause and the cure, no secret.
            Unavailable: if the place does not answer now.
        """
