"""A kind of source for tests: the files of a folder, in order, one piece after the other as the test lets them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from pydantic import SecretStr

from services.ingest.domain.source_errors import NothingThere
from services.ingest.sources import Credentials, File, Files, Found, Options

PIECE = 1024


class ShelfOptions(Options):
    """Where the shelf is."""

    folder: Path
    """The folder that is read."""
    pattern: str = "*"
    """Which of its files."""
    gate: Path | None = None
    """A file: while it is there, one piece a while is given and no end is reached."""
    deaf: bool = False
    """Whether no further piece is given at all while the gate is there."""

    @property
    def where(self) -> str:
        """Return the folder's name."""
        return f"shelf:{self.folder.name}"


class ShelfKey(Credentials):
    """What opens the shelf."""

    word: SecretStr
    """The word that is said to it."""
    floor: int = 0
    """The floor that it is for."""


class Shelf:
    """Reads the files of a folder."""

    kind: ClassVar[str] = "shelf"
    summary: ClassVar[str] = "Files of a folder, for tests."
    options: ClassVar[type[ShelfOptions]] = ShelfOptions
    credentials: ClassVar[type[ShelfKey]] = ShelfKey

    @contextmanager
    def open(self, options: ShelfOptions, credentials: Any) -> Iterator[Found]:
        """Look at the folder; whoever says a word has to say the right one."""
        if credentials is not None and credentials.word.get_secret_value() != "sesame":
            raise NothingThere(options.where, "Say the right word.")
        files = sorted(options.folder.glob(options.pattern))
        yield Files([_file(path, options) for path in files], {"keeper": "ann"})


def install(folder: Path) -> None:
    """Make ``folder``, once it is on the path, a distribution that brings the shelf."""
    info = folder / "shelf-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shelf\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[trackside.sources]\nshelf = tests.builders.shelf:Shelf\n")


def _file(path: Path, options: ShelfOptions) -> File:
    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
                while options.gate is not None and options.gate.exists():
                    time.sleep(0.02)
                    if not options.deaf:
                        yield b""

    stat = path.stat()
    return File(path.name, stat.st_size, f"{stat.st_size}-{stat.st_mtime_ns}", pieces)
