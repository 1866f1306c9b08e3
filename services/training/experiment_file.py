"""An experiment's file, read: each part is what the manifest says, or nothing of it is taken."""

import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from contracts.catalog import SUBJECTS
from contracts.errors import MalformedMessage
from contracts.experiment_file import DATA, EVENTS, MANIFEST, PLAN, Manifest
from contracts.message import Event
from contracts.subjects import stem_of
from contracts.training import ImportExperiment
from infra.objects import ObjectDamaged, ObjectMissing, Objects
from services.training.domain.file_errors import FileDamaged, FileInconsistent, FileMissing
from services.training.domain.retold import RETOLD, Retold

_PIECE = 1024 * 1024
_UPLOADS = "uploads/"
_KEY = re.compile(r"(?:plans/([0-9a-f]{64})\.json|(?:datasets|predictions)/([0-9a-f]{64})\.parquet)")
_STEMS = frozenset(stem_of(kind) for kind in RETOLD)
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError)
"""What the standard library says of bytes that are no zip of its own kind."""


class ExperimentFile:
    """The file of one experiment, whole and undamaged."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def told(self) -> Iterator[Event]:
        """Yield the facts that are said again, each as the newest version of its message has it.

        Raises:
            FileInconsistent: if a line is no fact that this release reads.
        """
        with self._archive.open(EVENTS) as lines:
            for number, line in enumerate(lines, start=1):
                if (fact := _fact(number, line)) is not None:
                    yield fact

    def store(self, story: Retold, objects: Objects) -> None:
        """Keep what the facts name: plan, rows, predictions; what is there already stays as it is.

        Raises:
            FileInconsistent: if something that they name is not in the file.
        """
        predictions = {fit.predictions: fit.predictions for fit in story.completed}
        plan = {f"plans/{story.started.plan_digest}.json": PLAN, story.started.plan.data: DATA}
        parts = {**plan, **predictions}
        for key, part in parts.items():
            digest = _digest_in(key)
            if digest is None or digest != self.manifest.sha256.get(part):
                raise FileInconsistent(f"it has not got {key}, which its facts name")
        for key, part in parts.items():
            objects.create(key, self._pieces(part))

    def check(self) -> None:
        """Raise FileDamaged if a part is missing, too many, or not what the manifest says."""
        listed = {*self.manifest.sha256, MANIFEST}
        found = self._archive.namelist()
        if sorted(found) != sorted(listed):
            raise FileDamaged("it has other parts than its manifest lists")
        for part, digest in self.manifest.sha256.items():
            content = sha256()
            for piece in self._pieces(part):
                content.update(piece)
            if content.hexdigest() != digest:
                raise FileDamaged(f"{part} is not what its manifest says")

    def _pieces(self, part: str) -> Iterator[bytes]:
        with self._archive.open(part) as content:
            while piece := content.read(_PIECE):
                yield piece


@contextmanager
def arrived(command: ImportExperiment, objects: Objects) -> Iterator[ExperimentFile]:
    """Fetch the file of a command, and yield it once every part is checked.

    Raises:
        FileMissing: if nothing was uploaded.
        FileDamaged: if it is no such file, or not as it was written.
    """
    with tempfile.TemporaryDirectory(prefix="trackside-import-") as folder:
        file = Path(folder) / "experiment.zip"
        _fetch(command, objects, file)
        try:
            archive = zipfile.ZipFile(file)
        except _UNREADABLE:
            raise FileDamaged("it is no zip file") from None
        with archive:
            yield _checked(archive, command)


def _fetch(command: ImportExperiment, objects: Objects, file: Path) -> None:
    if not command.upload.startswith(_UPLOADS):
        raise FileMissing(command.upload)
    try:
        objects.fetch(command.upload, command.upload_digest, file)
    except ObjectMissing:
        raise FileMissing(command.upload) from None
    except ObjectDamaged:
        raise FileDamaged("it is not what was uploaded") from None


def _checked(archive: zipfile.ZipFile, command: ImportExperiment) -> ExperimentFile:
    try:
        manifest = Manifest.model_validate_json(archive.read(MANIFEST))
        file = ExperimentFile(archive, manifest)
        file.check()
    except _UNREADABLE:
        raise FileDamaged("a part of it cannot be unpacked") from None
    except ValueError:  # as pydantic's is
        raise FileDamaged("its manifest is none that this release reads") from None
    if manifest.experiment_id != command.experiment_id:
        raise FileInconsistent(f"it is of {manifest.experiment_id}, not of {command.experiment_id}")
    return file


def _fact(number: int, line: bytes) -> Event | None:
    """Return the fact of a line; None if it is of a kind that is not said again."""
    try:
        told = json.loads(line)
        subject = told["type"]
        if subject.rpartition(".v")[0] not in _STEMS:
            return None
        fact = SUBJECTS.read(f"{subject}.key", json.dumps(told["data"]).encode())
    except MalformedMessage as error:
        raise FileInconsistent(f"fact {number} is none that this release reads: {error}") from None
    except (ValueError, LookupError, TypeError, AttributeError):
        raise FileInconsistent(f"line {number} of its facts is no fact") from None
    assert isinstance(fact, Event)
    return fact


def _digest_in(key: str) -> str | None:
    """Return the SHA-256 by which an object's key names it; None if the key is of no kind that a file may bring."""
    found = _KEY.fullmatch(key)
    return found[1] or found[2] if found else None
