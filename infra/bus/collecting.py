"""Removes objects that are old and that no fact names, archived or in the stream."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from nats.aio.client import Client

from contracts.errors import TracksideError
from contracts.streams import command_durable
from contracts.versions import DatasetVersionRemoved
from infra.bus.inspection import inspect
from infra.bus.recounting import Recounter
from infra.history.archive import ObjectArchive
from infra.history.unnamed import (
    COLLECTED,
    LINEAGE,
    PLANS,
    RECORDS,
    REPORTS,
    UPLOADS,
    Suspects,
    can_be_named,
    is_of_report,
)
from infra.objects import Listed, ObjectMissing, Objects

_SECONDS = 5.0
_EVERYTHING = ("evt.>",)
_MADE_BY: Mapping[str, tuple[str, ...]] = {
    command_durable("ingest"): (UPLOADS, "datasets"),
    command_durable("training-worker"): ("predictions", "models", REPORTS),
}
"""Whose commands name objects, or make some: while one is not obeyed, a fact about them may still be said."""

Told = Callable[[int], None]
"""Called with the sequence of each fact that was read."""


class StoreOfAnother(TracksideError):
    """The object store is not that of the platform whose facts were read."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This object store is not the platform's own, or has lost something: {why}. Nothing was changed. "
            "Name the right one; or register a dataset, if what is missing is known to be lost."
        )


class StoreUnproven(TracksideError):
    """Nothing shows that the object store is that of the platform whose facts were read."""

    def __init__(self) -> None:
        super().__init__(
            "No fact names an object yet, so nothing shows that this object store is the platform's own. Nothing was "
            "changed. Register a dataset first: its table is what shows it."
        )


@dataclass(frozen=True)
class Kind:
    """What became, or would become, of the objects of one kind."""

    name: str
    """The first part of their keys."""
    removed: int
    removed_bytes: int
    young: int
    """Those that are kept because of their age, whether or not a fact names them."""
    kept: int
    """Older ones that are kept: a fact names them, or may soon."""


@dataclass(frozen=True)
class Collected:
    """What became, or would become, of objects."""

    kinds: tuple[Kind, ...]
    waits_for: dict[str, tuple[str, ...]]
    """Who has commands to obey, with the kinds that are left alone meanwhile."""
    proven: bool
    """Whether facts name objects of this store."""


class Collector:
    """Removes objects that no fact names."""

    def __init__(self, client: Client, archive: ObjectArchive, objects: Objects, told: Told) -> None:
        """``client`` is an identity that inspects and follows."""
        self._client = client
        self._archive = archive
        self._objects = objects
        self._told = told

    async def collect(self, before: datetime, *, dry: bool) -> Collected:
        """Remove what was last written before ``before`` and is named by no fact; only look if ``dry``.

        Raises:
            BusUnavailable: if nats-server does not answer.
            HistoryUnreadable: if archived facts cannot be read; then nothing is removed.
            StoreOfAnother: if this store is not where the platform keeps its objects.
            ObjectsUnavailable: if the object store does not answer.
        """
        waits_for = await self._commands_wait()
        found = {kind: await asyncio.to_thread(self._listed, kind) for kind in (*COLLECTED, *RECORDS, PLANS)}
        suspects = Suspects(each for kind in found for each in found[kind] if can_be_named(each.key))
        await self._hear_facts(suspects)
        self._check_ours(suspects, [each for kind in LINEAGE for each in found[kind]], before)
        await self._hear_records(suspects, [each for each in found[REPORTS] if is_of_report(each.key)])
        may_go = set(COLLECTED) - set(chain.from_iterable(waits_for.values()))
        unnamed = [each for each in suspects.left() if each.written_at < before and _kind_of(each.key) in may_go]
        if not dry:
            unnamed = await asyncio.to_thread(self._removed, unnamed)
        gone = {each.key for each in unnamed}
        kinds = tuple(_kind(kind, found[kind], gone, before) for kind in found)
        return Collected(kinds, waits_for, proven=bool(suspects.last_named))

    async def _hear_facts(self, suspects: Suspects) -> None:
        facts = Recounter(self._client.jetstream(timeout=_SECONDS), _EVERYTHING, self._archive)
        async for fact in facts.facts(stop_when_idle=True):
            if fact.subject.startswith(DatasetVersionRemoved.subject):
                suspects.hear_removed(fact.data)
            else:
                suspects.hear_fact(fact.data)
            self._told(fact.sequence)

    async def _hear_records(self, suspects: Suspects, reports: Sequence[Listed]) -> None:
        """Let go of the parts that the index lists, and of what a finished fit names whose fact may still be said.

        And of what reports name: a fact may be said again by whoever finds the record.
        """
        for part in await asyncio.to_thread(self._archive.parts):
            suspects.hear(part.digest.encode())
        for record in (*suspects.left(), *reports):
            if _kind_of(record.key) in RECORDS or is_of_report(record.key):
                suspects.hear(await asyncio.to_thread(self._objects.read, record.key))

    def _check_ours(self, suspects: Suspects, lineage: Sequence[Listed], before: datetime) -> None:
        """Raise StoreOfAnother unless the store has what facts named last, and facts name some of what it has."""
        there = {each.key for each in lineage}
        for key in suspects.last_named.values():
            # It may have come while facts were read.
            if key not in there and key not in {each.key for each in self._listed(_kind_of(key))}:
                raise StoreOfAnother(f"facts name {key}, which is not there")
        unnamed = {each.key for each in suspects.left()}
        old = [each.key for each in lineage if each.written_at < before]
        if old and unnamed.issuperset(old):
            raise StoreOfAnother(f"no fact names anything that it has, such as {old[0]}")

    def _removed(self, unnamed: list[Listed]) -> list[Listed]:
        """Remove objects, except those that were written again meanwhile: a fact is about to name them."""
        removed = []
        for kind in COLLECTED:
            mine = {each.key: each for each in unnamed if _kind_of(each.key) == kind}
            for again in self._listed(kind) if mine else ():
                if mine.get(again.key) == again:
                    self._objects.delete(again.key)
                    removed.append(again)
        return removed

    def _listed(self, kind: str) -> list[Listed]:
        try:
            return list(self._objects.listing(kind))
        except ObjectMissing:
            return []

    async def _commands_wait(self) -> dict[str, tuple[str, ...]]:
        """Return who has commands to obey, or to pass on, with the kinds of objects that they may be about."""
        seen = await inspect(self._client, _SECONDS)
        waiting = {each.name for each in seen.durables if each.lag + each.in_hand}
        publishers = {f"the gate of {each.publisher}": (UPLOADS,) for each in seen.arrivals if each.waiting}
        return {**{name: kinds for name, kinds in _MADE_BY.items() if name in waiting}, **publishers}


def _kind_of(key: str) -> str:
    return key.partition("/")[0]


def _kind(name: str, found: list[Listed], gone: set[str], before: datetime) -> Kind:
    removed = [each for each in found if each.key in gone]
    kept = [each for each in found if each.key not in gone]
    young = sum(each.written_at >= before for each in kept)
    return Kind(
        name=name,
        removed=len(removed),
        removed_bytes=sum(each.size for each in removed),
        young=young,
        kept=len(kept) - young,
    )
