"""What a file's first bytes say it is."""

import re
from pathlib import PurePath
from typing import Literal

from services.ingest.domain.errors import EmptyFile, UnlikeItsName, UnsupportedFormat

Format = Literal["delimited", "parquet"]

HEAD = 4096
"""Bytes that are enough to tell."""

_FORMATS: dict[str, Format] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".psv", ".txt"), "delimited"),
    **dict.fromkeys((".parquet", ".pq", ".parq"), "parquet"),
}
_UTF_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SIGNATURES = (
    (b"PAR1", "a Parquet file"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip-compressed file"),
    (b"BZh", "a bzip2-compressed file"),
    (b"\xfd7zXZ", "an xz-compressed file"),
    (b"\x28\xb5\x2f\xfd", "a zstd-compressed file"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"ARROW1", "an Arrow file"),
    (b"Obj\x01", "an Avro file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_TEXTS = (
    (re.compile(rb"\s*<(!doctype|html|\?xml)", re.IGNORECASE), "an HTML or XML page"),
    (re.compile(rb'\s*(\{\s*("|\})|\[\s*[\[{])'), "JSON"),
)


def format_of(filename: str, head: bytes) -> Format:
    """Return the format that the name promises and the first bytes confirm.

    Raises:
        EmptyFile, UnsupportedFormat, UnlikeItsName: saying what is wrong.
    """
    if not head:
        raise EmptyFile(filename)
    seems = what(head)
    promised = _FORMATS.get(PurePath(filename).suffix.lower())
    if promised is None:
        raise UnsupportedFormat(filename)
    if (promised == "parquet") != (seems == "a Parquet file") or (promised == "delimited" and seems != "text"):
        raise UnlikeItsName(filename, seems)
    return promised


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
