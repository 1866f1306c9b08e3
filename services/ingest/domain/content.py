"""What a file's first bytes say it is."""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Literal

from services.ingest.domain.errors import EmptyFile, UnlikeItsName, UnsupportedFormat

Format = Literal["delimited", "json lines", "excel", "parquet", "arrow"]
Codec = Literal["gzip", "zstd"]

HEAD = 4096
"""Bytes that are enough to tell."""

_FORMATS: dict[str, Format] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv", ".txt"), "delimited"),
    **dict.fromkeys((".jsonl", ".ndjson"), "json lines"),
    **dict.fromkeys((".xlsx", ".xlsm"), "excel"),
    **dict.fromkeys((".parquet", ".pq", ".parq"), "parquet"),
    **dict.fromkeys((".arrow", ".arrows", ".feather", ".ipc"), "arrow"),
}
_SEEMS: dict[Format, tuple[str, ...]] = {
    "delimited": ("text",),
    "json lines": ("JSON", "text"),  # its first line may be malformed
    "excel": ("a ZIP archive or an Excel workbook",),
    "parquet": ("a Parquet file",),
    "arrow": ("an Arrow file", "an Arrow stream"),
}
_CODECS: dict[str, Codec] = {".gz": "gzip", ".zst": "zstd"}
_PACKED: dict[Codec, str] = {"gzip": "a gzip-compressed file", "zstd": "a zstd-compressed file"}
_UTF_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SIGNATURES = (
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old or an encrypted Excel workbook"),
    (b"\x1f\x8b", "a gzip-compressed file"),
    (b"BZh", "a bzip2-compressed file"),
    (b"\xfd7zXZ", "an xz-compressed file"),
    (b"\x28\xb5\x2f\xfd", "a zstd-compressed file"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"ARROW1", "an Arrow file"),
    (b"\xff\xff\xff\xff", "an Arrow stream"),
    (b"FEA1", "a Feather file of the first version"),
    (b"Obj\x01", "an Avro file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_TEXTS = (
    (re.compile(rb"\s*<(!doctype|html|\?xml)", re.IGNORECASE), "an HTML or XML page"),
    (re.compile(rb'\s*(\{\s*("|\})|\[\s*[\[{])'), "JSON"),
)


def codec_of(filename: str, head: bytes) -> Codec | None:
    """Return what the file is compressed with, as its name promises and its first bytes confirm; None if it is not.

    Raises:
        EmptyFile, UnlikeItsName: saying what is wrong.
    """
    codec = _CODECS.get(PurePath(filename).suffix.lower())
    if codec is None:
        return None
    if not head:
        raise EmptyFile(filename)
    if what(head) != _PACKED[codec]:
        raise UnlikeItsName(filename, what(head))
    return codec


def format_of(filename: str, head: bytes) -> Format:
    """Return the format that the name promises and the first bytes confirm, once they are decompressed.

    Raises:
        EmptyFile, UnsupportedFormat, UnlikeItsName: saying what is wrong.
    """
    if not head:
        raise EmptyFile(filename)
    promised = _promised(filename)
    if promised is None:
        raise UnsupportedFormat(filename)
    seems = what(head)
    if seems not in _SEEMS[promised]:
        raise UnlikeItsName(filename, seems)
    return promised


def is_readable(filename: str) -> bool:
    """Return whether a file's name promises a format that is read.

    >>> is_readable("2026/rows.CSV"), is_readable("_SUCCESS")
    (True, False)
    """
    return _promised(filename) is not None


def aside_notes(names: Sequence[str]) -> tuple[str, ...]:
    """Return a note on the files that were not read because of their names.

    >>> aside_notes(["README.md"]), aside_notes([])
    (('README.md was left aside: its name says no format that is read.',), ())
    """
    if not names:
        return ()
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    were, their, say = ("was", "its", "name says") if len(names) == 1 else ("were", "their", "names say")
    return (f"{', '.join(names[:3])}{more} {were} left aside: {their} {say} no format that is read.",)


def what(head: bytes) -> str:
    """Return what bytes seem to be, in words for a person.

    >>> what(b"a,b"), what(b"%PDF-1.7"), what(b'[{"a": 1}]')
    ('text', 'a PDF document', 'JSON')
    """
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    if head.startswith(_UTF_MARKS):
        return "text"
    if b"\x00" in head:
        return "binary data, or text in UTF-16 without its mark"
    return next((name for pattern, name in _TEXTS if pattern.match(head)), "text")


def _promised(filename: str) -> Format | None:
    path = PurePath(filename)
    return _FORMATS.get((path.with_suffix("") if path.suffix.lower() in _CODECS else path).suffix.lower())
