"""What a column seems to be, and what of it may be told."""

from collections.abc import Iterable, Mapping

from contracts.ingest import LogicalType
from contracts.profiles import ColumnKind, ColumnProfile
from services.ingest.domain.personal import hint_of

_KINDS: Mapping[LogicalType, ColumnKind] = {"integer": "number", "float": "number", "boolean": "boolean"}
_CATEGORY = 50
"""So many different values are few in any table."""


def looks_of(counted: ColumnProfile, rows: int, sample: Iterable[str]) -> ColumnProfile:
    """Return a column's profile with what it seems to be; what may be personal, or is of one row, is left out.

    Args:
        counted: all that was measured.
        rows: of the table.
        sample: some of its values, of which only what they look like is kept.
    """
    kind = kind_of(counted, rows)
    hint = hint_of(counted.name, sample) if counted.type in {"string", "integer"} else None
    if hint is not None and counted.type == "integer" and not hint.matched:
        hint = hint if hint.kind in {"phone", "ssn", "card"} else None
    known = {"kind": kind, "personal": hint}
    if hint is None:
        few = kind in {"constant", "category", "boolean"} or counted.distinct * 2 <= rows - counted.missing
        return counted.model_copy(update={**known, "frequent": counted.frequent if few else ()})
    told = counted.numbers
    if told is not None:
        told = told.model_copy(update={"low": None, "high": None, "quantiles": (), "histogram": None})
    return counted.model_copy(update={**known, "frequent": (), "numbers": told})


def kind_of(column: ColumnProfile, rows: int) -> ColumnKind:
    """Return what a column of ``rows`` rows seems to be."""
    present = rows - column.missing
    if present == 0:
        return "empty"
    if column.distinct == 1:
        return "constant"
    unlike = column.distinct >= present * (0.98 if column.estimated else 1)
    if unlike and not column.missing and column.type in {"integer", "string"}:
        return "id"
    if column.type == "string":
        return "category" if column.distinct * 2 <= present or column.distinct <= _CATEGORY else "text"
    return _KINDS.get(column.type, "date")
