"""The folder of what sources are asked with: one file for each name, for the owner's eyes and ingest's only."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from pydantic import TypeAdapter, ValidationError

from contracts.ids import Name
from ui.cli.exits import WrongUsage

_NAME: TypeAdapter[str] = TypeAdapter(Name)
_KIND = "kind"


@dataclass(frozen=True)
class Kept:
    """Credentials that are there: never what they are."""

    name: str
    kind: str
    """The kind of source that they are for; empty if somebody wrote the file without saying it."""


class Keyring:
    """Keeps credentials by name; a reader sees the old file or the new one, whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, kind: str, secrets: Mapping[str, object]) -> None:
        """Keep credentials under ``name``, in place of those that were there."""
        file = self._file(name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, unfinished = mkstemp(prefix=".", suffix=".new", dir=self._folder)  # 0600 from its first byte on
        try:
            with os.fdopen(descriptor, "w") as written:
                json.dump({_KIND: kind, **secrets}, written)
                written.flush()
                os.fsync(written.fileno())
            Path(unfinished).replace(file)
        finally:
            Path(unfinished).unlink(missing_ok=True)

    def all(self) -> list[Kept]:
        """Return what is there, by name."""
        return [Kept(file.stem, _kind_in(file)) for file in sorted(self._folder.glob("[!.]*.json"))]

    def remove(self, name: str) -> None:
        """Forget credentials.

        Raises:
            WrongUsage: if there are none of that name.
        """
        try:
            self._file(name).unlink()
        except FileNotFoundError:
            there = ", ".join(kept.name for kept in self.all()) or "none"
            raise WrongUsage(f"There are no credentials called {name}. There are: {there}.") from None

    def _file(self, name: str) -> Path:
        try:
            return self._folder / f"{_NAME.validate_python(name)}.json"
        except ValidationError:
            # Checked here too: a name with a slash would be a path.
            raise WrongUsage(
                f"{name!r} is no name. Use small letters, digits, - and _, for example lake-reader."
            ) from None


def _kind_in(file: Path) -> str:
    try:
        said = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return ""
    return str(said.get(_KIND, "")) if isinstance(said, dict) else ""
