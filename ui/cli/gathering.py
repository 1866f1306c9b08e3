"""Several files that a person names at once: one by one, by a folder or by a pattern."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path

from ui.cli.exits import WrongUsage
from ui.cli.source import STDIN


@dataclass(frozen=True)
class Gathered:
    """Files that are one table."""

    title: str
    """What a person calls them together."""
    files: dict[str, Path]
    """Each by its name below the folder that holds them all."""


def gathered(sources: Sequence[Path]) -> Gathered | None:
    """Return the files that ``sources`` name; None if they name one file, a pipe, or nothing that is there.

    Raises:
        WrongUsage: if a folder or a pattern holds no file, or one of several is none.
    """
    if len(sources) > 1:
        return _listed(sources)
    [source] = sources
    if source.is_dir():
        return _below(source)
    if has_magic(str(source)) and not source.exists():
        return _matching(source)
    return None


def _listed(sources: Sequence[Path]) -> Gathered:
    for source in sources:
        if source == STDIN or not source.is_file():
            raise WrongUsage(f"{source} is no file. Give files only, or one folder, or one pattern in quotes.")
    files = [source.absolute() for source in sources]
    folder = Path(os.path.commonpath([file.parent for file in files]))
    named = _named(files, folder)
    return Gathered(f"{sources[0].name} and {len(named) - 1} more", named)


def _below(folder: Path) -> Gathered:
    files = _named((path for path in folder.rglob("*") if path.is_file()), folder)
    # What begins with a dot or a line is another program's mark, as Spark's _SUCCESS is.
    kept = {name: path for name, path in files.items() if not any(p.startswith((".", "_")) for p in Path(name).parts)}
    if not kept:
        raise WrongUsage(f"{folder} holds no file. Give a folder with CSV or Parquet files in it.")
    return Gathered(folder.absolute().name, kept)


def _matching(pattern: Path) -> Gathered:
    first = next(at for at, part in enumerate(pattern.parts) if has_magic(part))
    folder = Path(*pattern.parts[:first])
    files = _named((path for path in folder.glob("/".join(pattern.parts[first:])) if path.is_file()), folder)
    if not files:
        raise WrongUsage(f"No file matches {pattern}. * stands for any part of a name, ** for any folders.")
    return Gathered(pattern.name, files)


def _named(files: Iterable[Path], folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in sorted(files)}
