"""The rows of the lists: plain values that become JSON."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from contracts.ingest import Column, DatasetVersionRegistered, RejectedRow, SourceRead
from contracts.serving import DeploymentReady

if TYPE_CHECKING:
    from ui.web.projections.race import Race

Row = dict[str, Any]

_VERSIONS = 20
"""How many of a dataset's versions the page is told."""


def milliseconds(moment: datetime) -> int:
    """Return ``moment`` as browsers count time."""
    return round(moment.timestamp() * 1000)


def dataset_row(fact: DatasetVersionRegistered, before: Row | None = None) -> Row:
    """Return a dataset by its latest version, and its versions so far, the latest first; ``before`` is the last row."""
    older = [row for row in (before["versions"] if before else []) if row["number"] != fact.number]
    return {
        "id": fact.name,
        "name": fact.name,
        "version": fact.version,
        "number": fact.number,
        "rows": fact.rows,
        "columns": [column_row(column, fact.rows) for column in fact.columns],
        "missing": missing_share(fact.columns, fact.rows),
        "listed": fact.listed,
        "rejected": [{"line": row.line, "problem": _problem(row)} for row in fact.rejected],
        "filename": fact.filename,
        "at": milliseconds(fact.registered_at),
        "versions": [version_row(fact), *older][:_VERSIONS],
    }


def _problem(row: RejectedRow) -> str:
    return f"{row.file}: {row.problem}" if row.file else row.problem


def version_row(fact: DatasetVersionRegistered) -> Row:
    """Return one version of a dataset, and where it came from."""
    return {
        "number": fact.number,
        "version": fact.version,
        "rows": fact.rows,
        "listed": fact.listed,
        "filename": fact.filename,
        "source": source_row(fact.source) if fact.source else None,
        "at": milliseconds(fact.registered_at),
    }


def source_row(read: SourceRead) -> Row:
    """Return where rows were read."""
    return {**read.model_dump(include={"kind", "where", "files", "new"}), "lineage": dict(read.lineage)}


def column_row(column: Column, rows: int) -> Row:
    """Return one column with the share of its values that is missing."""
    return {
        "name": column.name,
        "type": column.type,
        "missing": column.missing / rows if rows else 0.0,
        "distinct": column.distinct,
    }


def missing_share(columns: tuple[Column, ...], rows: int) -> float:
    """Return the share of all cells that is missing."""
    cells = len(columns) * rows
    return sum(column.missing for column in columns) / cells if cells else 0.0


def deployment_row(fact: DeploymentReady, race: "Race | None") -> Row:
    """Return an endpoint with what its form needs: the features of the model version behind it, and one example."""
    model = race.model if race is not None else None
    return {
        "id": fact.name,
        "name": fact.name,
        "model_version": fact.model_version_id,
        "experiment": fact.experiment_id,
        "path": fact.path,
        "at": milliseconds(fact.ready_at),
        "candidate": model.candidate.name if model else "",
        "dataset": model.dataset if model else "",
        "target": model.target if model else "",
        "task": model.task if model else "",
        "features": [{"name": column.name, "type": column.type} for column in model.features] if model else [],
        "example": model.example if model else "{}",
        "answered": 0,
    }
