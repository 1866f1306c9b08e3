"""The text of a query: what may be asked of a database, and how names are written in it."""

import re
from collections.abc import Callable

from services.ingest.domain.database_errors import NotOneQuery

_READS = ("select", "table", "values", "with")
_IGNORED = re.compile(r"(\s+|--[^\n]*(\n|$)|/\*.*?\*/)+", re.DOTALL)
_PART = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')


def query_of(table: str | None, query: str | None, fold: Callable[[str], str] = str) -> str:
    """Return the one query that reads a table, or that was asked; ``fold`` is what a name without quotes becomes.

    >>> query_of("sales.orders", None)
    'SELECT * FROM "sales"."orders"'

    Raises:
        NotOneQuery: if it does not begin as one that only reads.
    """
    if table is not None:
        return f"SELECT * FROM {table_name(table, fold)}"  # noqa: S608 - every part is quoted
    return reading(query or "")


def reading(query: str) -> str:
    """Return a query without what surrounds it.

    Only its beginning is judged here: that it is one, and writes nothing, is what the database holds it to.

    Raises:
        NotOneQuery: if it does not begin as one that only reads.
    """
    asked = query.strip().rstrip("; \t\r\n")
    ignored = _IGNORED.match(asked)
    words = re.match(r"\(*\s*(\w+)", asked[ignored.end() if ignored else 0 :])
    if words is None or words[1].lower() not in _READS:
        raise NotOneQuery(words[1] if words else "nothing")
    return asked


def within(query: str) -> str:
    """Return a query as part of a larger one, whatever comment it ends with."""
    return f"(\n{query}\n) AS asked"


def name(value: str) -> str:
    """Return an identifier as SQL says it.

    >>> name("a b")
    '"a b"'
    """
    return '"' + value.replace('"', '""') + '"'


def table_name(table: str, fold: Callable[[str], str] = str) -> str:
    """Return a table's name as SQL says it: parts between dots, each as it is written; a part with a dot in quotes.

    >>> table_name('sales."q1.2026"')
    '"sales"."q1.2026"'
    """
    parts = [quoted.replace('""', '"') if quoted else fold(plain) for quoted, plain in _PART.findall(table)]
    return ".".join(map(name, parts))
