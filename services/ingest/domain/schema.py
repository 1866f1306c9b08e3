"""Which columns came, went, or changed their type from one version to the next."""

from collections.abc import Sequence

from contracts.ingest import Column, DatasetVersionRegistered
from contracts.versions import ColumnNamed, ColumnRetyped, DatasetSchemaChanged, SchemaDifference


def difference(before: Sequence[Column], after: Sequence[Column]) -> SchemaDifference:
    """Return how the columns ``after`` differ from those ``before``; their order does not count."""
    was, now = {column.name: column for column in before}, {column.name: column for column in after}
    return SchemaDifference(
        added=tuple(_named(column) for column in after if column.name not in was),
        removed=tuple(_named(column) for column in before if column.name not in now),
        retyped=tuple(
            ColumnRetyped(name=column.name, was=was[column.name].type, type=column.type)
            for column in after
            if column.name in was and was[column.name].type != column.type
        ),
    )


def schema_changed(
    before: DatasetVersionRegistered | None, after: DatasetVersionRegistered
) -> DatasetSchemaChanged | None:
    """Return the fact that a new version has other columns than the one before; None if it has the same."""
    if before is None or after.unchanged or not (changed := difference(before.columns, after.columns)):
        return None
    return DatasetSchemaChanged(
        ingestion_id=after.ingestion_id, name=after.name, number=after.number, before=before.number, difference=changed
    )


def _named(column: Column) -> ColumnNamed:
    return ColumnNamed(name=column.name, type=column.type)
