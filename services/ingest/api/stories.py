"""What follows from a command, read from the facts: its answer, and everything that is stated about a key."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, Protocol

from contracts.message import Event
from infra.bus import Delivered
from infra.bus.cloudevents import folded

MOST = 256
"""Facts that are told at a time."""


class Facts(Protocol):
    """Where facts are read."""

    def facts(
        self, *kinds: type[Event], key: str = "*", replay: bool = True, stop_when_idle: bool = False
    ) -> AsyncGenerator[Delivered, None]:
        """Yield facts in stream order; see ``infra.bus.Bus``."""


async def answer(bus: Facts, kinds: tuple[type[Event], ...], key: str, command: str, wait: float) -> Delivered | None:
    """Return the fact of ``kinds`` that answers the command of this id, waiting for it; None if none comes in time.

    Raises:
        BusUnavailable: if facts cannot be read.
    """
    return await _first(bus, kinds, key, wait, lambda fact: fact.envelope.causation_id == command)


async def story(bus: Facts, key: str, after: int, wait: float) -> list[Delivered]:
    """Return what was stated about ``key`` behind a place in the stream, waiting for the first if there is nothing.

    Raises:
        BusUnavailable: if facts cannot be read.
    """
    found: list[Delivered] = []
    async with aclosing(bus.facts(key=key, stop_when_idle=True)) as facts:
        async for fact in facts:
            if fact.sequence > after:
                found.append(fact)
            if len(found) == MOST:
                break
    if not found and wait:
        first = await _first(bus, (), key, wait, lambda fact: fact.sequence > after)
        found = [first] if first else []
    return found


def as_cloudevent(fact: Delivered) -> dict[str, Any]:
    """Return a fact in the structured mode of CloudEvents."""
    return folded(fact.envelope, fact.message.key, fact.sequence, fact.message.model_dump(mode="json"))


async def _first(
    bus: Facts, kinds: tuple[type[Event], ...], key: str, wait: float, meant: Callable[[Delivered], bool]
) -> Delivered | None:
    async def found() -> Delivered | None:
        async with aclosing(bus.facts(*kinds, key=key, stop_when_idle=not wait)) as facts:
            async for fact in facts:
                if meant(fact):
                    return fact
        return None

    try:
        return await asyncio.wait_for(found(), wait or None)
    except TimeoutError:
        return None
