"""A connector together with a place that it can read, and what was read there."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pydantic import SecretStr, ValidationError

from contracts.faults import faults_of
from services.ingest.connectors import options_of
from services.ingest.domain.source_errors import WrongCredentials
from services.ingest.manifest import Manifest, manifest_of
from services.ingest.reading.parquet import write_batches
from services.ingest.reading.profile import version_of
from services.ingest.sources import Credentials, File, Found, Options, Rows, Source


class Broken(Exception):
    """A promise is not kept."""


class Unjudged(Exception):
    """A promise cannot be tried here."""


@dataclass(frozen=True)
class Case:
    """A connector, and a small place to try it on."""

    source: Source
    options: Mapping[str, str]
    """What it reads there: at least two rows, and the same at each time."""
    credentials: Mapping[str, str] | None = None
    """What it is let in by; None if it takes none."""
    wrong: Mapping[str, str] | None = None
    """Credentials that fit its kind and are refused; None if that cannot be tried."""
    change: Callable[[], None] | None = None
    """Changes the rows of the place; None if that cannot be tried."""

    @property
    def asked(self) -> Options:
        """Return the options as the source understands them."""
        return options_of(self.source, self.options)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every secret that was said, right or wrong."""
        said = [self._proof(values) for values in (self.credentials, self.wrong)]
        fields = [value for proof in said if proof for _, value in proof if isinstance(value, SecretStr)]
        return tuple(value.get_secret_value() for value in fields)

    @property
    def proof(self) -> Credentials | None:
        """Return what the source is let in by."""
        return self._proof(self.credentials)

    @property
    def wrong_proof(self) -> Credentials | None:
        """Return what it is not let in by."""
        return self._proof(self.wrong)

    def _proof(self, values: Mapping[str, str] | None) -> Credentials | None:
        if values is None or self.source.credentials is None:
            return None
        try:
            return self.source.credentials.model_validate(values)
        except ValidationError as error:
            raise WrongCredentials("to try", self.source.kind, faults_of(error, "they")) from None

    @contextmanager
    def opened(self, proof: Credentials | None = None) -> Iterator[Found]:
        """Open the source with its right credentials, or with others."""
        with self.source.open(self.asked, proof or self.proof) as found:
            yield found


@dataclass(frozen=True)
class Content:
    """What was read."""

    digest: str
    rows: int | None
    """None if it came as files."""
    manifest: Manifest | None


def content_of(found: Found) -> Content:
    """Read everything.

    Raises:
        Broken: if rows are not as their schema says, or are counted otherwise.
    """
    manifest = manifest_of(found)
    if not isinstance(found, Rows):
        return Content(_bytes_of(found.files), None, manifest)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "rows.parquet")
        rows = write_batches(found.schema, _as_promised(found), target)
        counted = found.counted()
        if counted is not None and counted != rows:
            raise Broken(f"it gave {rows} rows and counts {counted}")
        return Content(version_of(target), rows, manifest)


def _as_promised(found: Rows) -> Iterator[pa.RecordBatch]:
    for batch in found.batches:
        if not batch.schema.equals(found.schema):
            raise Broken(f"a batch has the schema {batch.schema.names}, {batch.schema.types}, which was not promised")
        yield batch


def _bytes_of(files: Iterable[File]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0".encode())
        size = 0
        for part in file.open():
            digest.update(part)
            size += len(part)
        if file.size is not None and file.size != size:
            raise Broken(f"{file.name} is said to have {file.size} bytes and has {size}")
    return digest.hexdigest()
