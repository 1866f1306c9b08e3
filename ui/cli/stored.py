"""The platform's objects, as the command line reads them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from contracts.reports import ReportTable
from infra.objects import ObjectDamaged, ObjectMissing, Objects
from infra.objects.store import objects_of
from ui.cli.exits import Failed
from ui.cli.reach import Reach
from ui.tables import read_tables


def store_of(reach: Reach) -> Objects:
    """Return the platform's object store; raise Failed if it is not known which one it has."""
    if not reach.names_objects:
        raise Failed("It is not known where this platform keeps objects. Name its store in TRACKSIDE_OBJECTS_URL.")
    return objects_of(reach.objects)


@contextmanager
def as_told() -> Iterator[None]:
    """Raise Failed if an object that is read in the block is not what a fact says of it."""
    try:
        yield
    except (ObjectMissing, ObjectDamaged) as error:
        cure = "Restore it from a backup, or look for more damage: trackside doctor"
        raise Failed(f"The platform's objects are not as its facts say: {error}. {cure}") from None


def tables_of(objects: Objects, told: Iterable[ReportTable]) -> dict[str, Any]:
    """Return tables that a fact names, as PyArrow reads them, by name; raise Failed if one is not as it says."""
    with as_told():
        return read_tables(objects, told)
