"""What Git keeps in the place of a large file: a pointer to its bytes (Git LFS, specification v1)."""

import re
from dataclasses import dataclass

POINTER_LIMIT = 1024
"""A pointer has fewer bytes than this."""

_POINTER = re.compile(
    rb"version https://(?:git-lfs|hawser)\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize ([0-9]{1,19})\n?"
)


@dataclass(frozen=True)
class Pointer:
    """Which bytes a large file has."""

    oid: str
    """Their SHA-256."""
    size: int
    """How many there are."""


def pointer_in(blob: bytes) -> Pointer | None:
    r"""Return the pointer that a blob is; None if it is a file like any other.

    >>> pointer_in(b"version https://git-lfs.github.com/spec/v1\noid sha256:%b\nsize 12\n" % (b"0" * 64)).size
    12
    >>> pointer_in(b"a,b\n1,2\n") is None
    True
    """
    found = _POINTER.fullmatch(blob) if len(blob) < POINTER_LIMIT else None
    return Pointer(found[1].decode(), int(found[2])) if found else None
