"""Patterns of names below a folder."""

import re
from collections.abc import Callable

from services.ingest.domain.content import is_readable


def glob(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a name below a folder matches ``pattern``, in which ``**`` stands for any folders.

    >>> [glob(p)("2026/01/a.csv") for p in ("**/*.csv", "*.csv", "2026/*/?.csv", "**", "2026/**")]
    [True, False, True, True, True]
    """
    written = re.compile("".join(map(_said, re.split(r"(\*\*/|\*\*|\*|\?)", pattern.strip("/")))))
    return lambda name: written.fullmatch(name) is not None


def is_plain(name: str) -> bool:
    """Return whether a file is one of rows, by its name; what begins with a dot or a line is another program's mark.

    >>> is_plain("2026/a.csv"), is_plain("2026/_SUCCESS"), is_plain(".git/a.csv"), is_plain("README.md")
    (True, False, False, False)
    """
    return is_readable(name) and not any(part.startswith((".", "_")) for part in name.split("/"))


def _said(part: str) -> str:
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return known.get(part) or re.escape(part)
