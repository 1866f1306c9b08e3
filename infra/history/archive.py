"""The archive in the object store: its parts, and the index that lists them.

The index is one small object for each part, named after the first sequence that it covers and created once: of two who
archive at the same time, the second finds the place taken, and no entry is ever written over.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError

from infra.history import HistoryDamaged, HistoryMissing, KeptFact, Part
from infra.history.contents import may_hold
from infra.objects import ObjectMissing, Objects
from infra.objects.store import objects_of
from infra.settings import StateSettings

PREFIX = "history"
_INDEX = f"{PREFIX}/index"


class ObjectArchive:
    """The archive below ``history/`` of an object store."""

    def __init__(self, opened: Callable[[], Objects]) -> None:
        """``opened`` returns the store; it is called when facts are first needed that have left the stream."""
        self._opened = opened
        self._store: Objects | None = None
        self._known: dict[str, Part] = {}

    def parts(self) -> list[Part]:
        """Return every part that the index lists, in order.

        Raises:
            HistoryDamaged: if an entry is not what was written.
            HistoryMissing: if there is none for a part between two others.
            ObjectsUnavailable: if the object store does not answer.
        """
        parts = [self._part(key) for key in self._objects.keys(_INDEX)]
        for before, part in pairwise(parts):
            if part.first != before.last + 1:
                raise HistoryMissing(before.last + 1, part.first - 1)
        return parts

    def facts(self, subjects: Sequence[str], after: int, before: int) -> Iterator[Sequence[KeptFact]]:
        """Yield, some at a time, the facts between two sequences; see ``Archive``."""
        reached = after
        for part in self.parts():
            if part.last <= after or part.first >= before:
                continue
            if part.first > reached + 1:
                raise HistoryMissing(reached + 1, part.first - 1)
            if may_hold(part, subjects):
                yield from self.facts_of(part, subjects, after, before)
            reached = part.last
        if reached + 1 < before:
            raise HistoryMissing(reached + 1, before - 1)

    def facts_of(self, part: Part, subjects: Sequence[str], after: int, before: int) -> Iterator[Sequence[KeptFact]]:
        """Yield, some at a time, the facts of one part; raises as ``facts`` does."""
        # Imported here because a platform without an archive need not pay for it: 0.1 s and 50 MB.
        from infra.history.part import facts_in  # noqa: PLC0415

        try:
            content = self._objects.read(part.key)
        except ObjectMissing:
            raise HistoryMissing(part.first, part.last) from None
        if (found := hashlib.sha256(content).hexdigest()) != part.digest:
            raise HistoryDamaged(part.key, f"its digest is {found}")
        yield from facts_in(content, subjects, after, before)

    def store(self, path: Path) -> tuple[str, str, int]:
        """Store a part's file, which counts only once it is listed; return its key, its digest and its bytes."""
        stored = self._objects.put_file(PREFIX, path, ".parquet")
        return stored.key, stored.digest, stored.size

    def enter(self, part: Part) -> Part:
        """List a part in the index, and return the one that stands at its place: another may have been first."""
        key = f"{_INDEX}/{part.first:020}.json"
        self._objects.create(key, [part.model_dump_json().encode()])
        return self._part(key)

    @property
    def _objects(self) -> Objects:
        if self._store is None:
            self._store = self._opened()
        return self._store

    def _part(self, key: str) -> Part:
        if key not in self._known:
            try:
                self._known[key] = Part.model_validate_json(self._objects.read(key))
            except ValidationError as error:
                raise HistoryDamaged(key, f"it cannot be read ({error.errors()[0]['msg']})") from None
        return self._known[key]


def archive_of(settings: StateSettings) -> ObjectArchive:
    """Return the archive in the object store that a process's settings name; nothing is asked of it yet."""
    return ObjectArchive(partial(objects_of, settings))
