"""Patterns of names below a folder."""

import re
from collections.abc import Callable


def glob(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a name below a folder matches ``pattern``, in which ``**`` stands for any folders.

    >>> [glob(p)("2026/01/a.csv") for p in ("**/*.csv", "*.csv", "2026/*/?.csv", "**", "2026/**")]
    [True, False, True, True, True]
    """
    written = re.compile("".join(map(_said, re.split(r"(\*\*/|\*\*|\*|\?)", pattern.strip("/")))))
    return lambda name: written.fullmatch(name) is not None


def _said(part: str) -> str:
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return known.get(part) or re.escape(part)
