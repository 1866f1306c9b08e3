"""One file with everything that a platform of this machine keeps, and a platform from such a file."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from contracts.errors import TracksideError
from infra.clock import Clock
from infra.local.layout import Home
from infra.local.lock import locked

_ABOUT, _DIGESTS = "trackside-backup.json", "digests.json"
_FORMAT = 1
_CHUNK = 1 << 20

Told = Callable[[int, int], None]
"""Called after each file with how many files are done, and how many bytes."""


class NotBackedUp(TracksideError):
    """A backup could not be made."""


class NotRestored(TracksideError):
    """A backup could not be restored; nothing was changed."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    made_at: str
    """ISO 8601, UTC."""
    files: int
    bytes: int
    """Of the files, before compression."""
    format: int = _FORMAT


def back_up(home: Home, file: Path, clock: Clock, told: Told) -> Backup:
    """Write everything that ``home`` keeps to ``file``, which only its owner may read: it holds the platform's keys.

    The platform must not run, so that what its parts hold fits together; it cannot be started meanwhile.

    Raises:
        AlreadyRunning: if it runs.
        NotBackedUp: if there is nothing, or the file cannot be written.
    """
    if not home.run.is_dir():
        raise NotBackedUp(f"There is no platform in {home.root}. Say in TRACKSIDE_HOME which folder it has.")
    if file.exists():
        raise NotBackedUp(f"{file} is there already. Name another file, or remove it.")
    with locked(home):
        paths = list(_kept(home))
        about = Backup(clock().isoformat(), len(paths), sum(path.stat().st_size for path in paths))
        unfinished = file.with_name(f"{file.name}.unfinished")
        try:
            with _opened(unfinished) as archive:
                _add(archive, _ABOUT, json.dumps(asdict(about)).encode())
                _add(archive, _DIGESTS, json.dumps(_added(archive, home.root, paths, told)).encode())
            unfinished.replace(file)
        except OSError as error:
            raise NotBackedUp(f"{file} cannot be written: {error}.") from None
        finally:
            unfinished.unlink(missing_ok=True)
    return about


def restore(file: Path, home: Home, told: Told) -> Backup:
    """Make the platform's folder ``home`` from a backup, once each file of it is checked by its digest.

    Raises:
        NotRestored: if the folder is not empty, or the file is damaged, cut off, or no backup that this release knows.
    """
    if home.root.exists() and any(home.root.iterdir()):
        raise NotRestored(f"{home.root} is not empty. Name another folder in TRACKSIDE_HOME.")
    home.root.parent.mkdir(parents=True, exist_ok=True)
    unfinished = home.root.with_name(f"{home.root.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    try:
        with tarfile.open(file, "r|*") as archive:
            about = _unpacked(archive, Home(unfinished), told)
        unfinished.replace(home.root)
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise NotRestored(f"{file} cannot be restored: {error}.") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    home.create()
    return about


def _kept(home: Home) -> Iterator[Path]:
    for folder in home.kept:
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        # Most of what is kept is compressed already.
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1) as archive:
            yield archive
        raw.flush()
        os.fsync(raw.fileno())


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def _added(archive: tarfile.TarFile, root: Path, paths: list[Path], told: Told) -> dict[str, str]:
    """Add files, and return the digest of each by its path."""
    digests, size = {}, 0
    for number, path in enumerate(paths, 1):
        name = path.relative_to(root).as_posix()
        with path.open("rb") as file:
            reading = _Digesting(file)
            archive.addfile(archive.gettarinfo(fileobj=file, arcname=name), reading)
        digests[name] = reading.digest()
        size += path.stat().st_size
        told(number, size)
    return digests


def _unpacked(archive: tarfile.TarFile, home: Home, told: Told) -> Backup:
    about: Backup | None = None
    stated: dict[str, str] | None = None
    found: dict[str, str] = {}
    size = 0
    for member in archive:
        content = archive.extractfile(member)
        if content is None:
            raise ValueError(f"{member.name} is no file")
        if member.name == _ABOUT:
            about = _read_about(content)
        elif member.name == _DIGESTS:
            stated = json.load(content)
        else:
            found[member.name] = _written(content, _placed(home, member.name), member.mode)
            size += member.size
            told(len(found), size)
    if about is None or stated is None:
        raise ValueError("it is no backup of Trackside, or cut off")
    if damaged := sorted(name for name in stated.keys() | found.keys() if stated.get(name) != found.get(name)):
        raise ValueError(f"{len(damaged)} of its files are missing or damaged, such as {damaged[0]}")
    return about


def _read_about(content: IO[bytes]) -> Backup:
    said: dict[str, Any] = json.load(content)
    if said.get("format") != _FORMAT:
        raise ValueError(f"it has the format {said.get('format')}, and this release knows {_FORMAT}: use its release")
    return Backup(**said)


def _placed(home: Home, name: str) -> Path:
    """Return where the file ``name`` of a backup lies below ``home``, in one of the folders that are kept."""
    path = home.root / name
    if ".." in path.parts or not any(path.is_relative_to(folder) for folder in home.kept):
        raise ValueError(f"it has a file {name}, which no backup has")
    return path


def _written(content: IO[bytes], path: Path, mode: int) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    reading = _Digesting(content)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode & 0o700), "wb") as file:
        shutil.copyfileobj(reading, file, _CHUNK)
    return reading.digest()


class _Digesting:
    """A file that is digested while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        return data

    def digest(self) -> str:
        return self._hash.hexdigest()
