"""The archive of facts: whether everything that has left the stream is there to be read."""

from dataclasses import dataclass

from contracts.errors import TracksideError
from infra.checkup import Finding, fail, ok
from infra.history import HistoryDamaged, HistoryMissing
from infra.history.archive import PREFIX, archive_of
from infra.objects.store import objects_of
from infra.settings import StateSettings


@dataclass(frozen=True)
class HistorySeen:
    """What there is of the facts that have left the stream."""

    facts: int = 0
    parts: int = 0
    problem: str | None = None


def look(settings: StateSettings, first: int) -> HistorySeen:
    """Look for each part, without reading it; ``first`` is the sequence of the first fact that the stream still has."""
    try:
        parts = archive_of(settings).parts()
        sizes = {found.key: found.size for found in objects_of(settings).listing(PREFIX)} if parts else {}
        for part in parts:
            if part.key not in sizes:
                raise HistoryMissing(part.first, part.last)
            if sizes[part.key] != part.size:
                raise HistoryDamaged(part.key, f"it has {sizes[part.key]} bytes, not {part.size}")
        archived = parts[-1].last if parts else 0
        if archived + 1 < first:
            raise HistoryMissing(archived + 1, first - 1)
    except TracksideError as error:
        return HistorySeen(problem=str(error))
    return HistorySeen(sum(part.facts for part in parts), len(parts))


def judge(seen: HistorySeen) -> Finding:
    """Say whether history can be read from the first fact on."""
    if seen.problem is not None:
        cause, _, cure = seen.problem.partition(". ")
        return fail("history", f"{cause.rstrip('.')}.", cure or "Start the object store, or mend what it says.")
    if not seen.parts:
        return ok("history", "All facts are in the stream.")
    return ok("history", f"{seen.facts:,} facts have left the stream, and each part that has them is there.")
