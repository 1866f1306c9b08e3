"""Removes objects that are old and that no fact names, archived or in the stream."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from nats.aio.client import Client

from contracts.streams import command_durable
from infra.bus.inspection import inspect
from infra.bus.recounting import Recounter
from infra.history.archive import ObjectArchive
from infra.history.unnamed import COLLECTED, PLANS, RECORDS, UPLOADS, Suspects, can_be_named
from infra.objects import Listed, ObjectMissing, Objects

_SECONDS = 30.0
_EVERYTHING = ("evt.>",)
_MADE_BY: Mapping[str, tuple[str, ...]] = {
    command_durable("ingest"): (UPLOADS, "datasets"),
    command_durable("training-worker"): ("predictions", "models"),
}
"""Whose commands name objects, or make some: while one is not obeyed, a fact about them may still be said."""

Told = Callable[[int], None]
"""Called with the sequence of each fact that was read."""


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
    kept_bytes: int
    """Of all that are kept, young ones included."""


@dataclass(frozen=True)
class Collected:
    """What became, or would become, of objects."""

    kinds: tuple[Kind, ...]
    waits_for: dict[str, tuple[str, ...]]
    """Who has commands to obey, with the kinds that are left alone meanwhile."""


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
            ObjectsUnavailable: if the object store does not answer.
        """
        waits_for = await self._commands_wait()
        found = {kind: await asyncio.to_thread(self._listed, kind) for kind in (*COLLECTED, *RECORDS, PLANS)}
        old = [
            each
            for kind in (*COLLECTED, *RECORDS)
            if kind not in chain.from_iterable(waits_for.values())
            for each in found[kind]
            if each.written_at < before and can_be_named(each.key)
        ]
        unnamed = await self._unnamed(old)
        if not dry:
            unnamed = await asyncio.to_thread(self._removed, unnamed)
        gone = {each.key for each in unnamed}
        return Collected(tuple(_kind(kind, found[kind], gone, before) for kind in found), waits_for)

    async def _unnamed(self, old: Iterable[Listed]) -> list[Listed]:
        """Return those that no fact names, nor a record that a fact may still state."""
        suspects = Suspects(old)
        for part in await asyncio.to_thread(self._archive.parts):
            suspects.hear(part.digest.encode())
        facts = Recounter(self._client.jetstream(timeout=_SECONDS), _EVERYTHING, self._archive)
        async for fact in facts.facts(stop_when_idle=True):
            suspects.hear(fact.data)
            self._told(fact.sequence)
        for record in suspects.left():
            if _kind_of(record.key) in RECORDS:
                suspects.hear(await asyncio.to_thread(self._objects.read, record.key))
        return [each for each in suspects.left() if _kind_of(each.key) in COLLECTED]

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
        kept_bytes=sum(each.size for each in kept),
    )
