"""Keeps what was asked, so that an answer can be explained; a store that is away or slow holds nothing up."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any

from contracts.asked import AskedRows, key_of
from contracts.errors import Unavailable
from contracts.ids import ModelVersionId
from infra.logs import logger
from infra.objects import Objects

log = logger(__name__)

_AT_ONCE = 4
_PATIENCE_SECONDS = 2.0
_REST_SECONDS = 10.0


@dataclass(frozen=True)
class Asked:
    """What one request asked, or the first rows of it."""

    rows: Sequence[Mapping[str, Any]]
    of: int
    """How many rows the request had."""
    size: int
    """About how many bytes the rows are as JSON."""


class Keeper:
    """Writes into the object store what was asked. After a failure it leaves the store in peace for some seconds."""

    def __init__(
        self, objects: Objects, patience: float = _PATIENCE_SECONDS, clock: Callable[[], float] = monotonic
    ) -> None:
        """Wait ``patience`` seconds for the store at most; ``clock`` tells seconds and never goes back."""
        self._objects = objects
        self._patience = patience
        self._clock = clock
        self._away_until = clock()
        # Threads of its own: requests wait for the loop's, and these may wait for a store that hangs.
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="keeper")
        self.unkept = 0
        """Requests that were not kept."""

    async def keep(self, prediction_id: str, version: ModelVersionId, asked: Asked) -> str | None:
        """Return the key under which it is kept; None if the store is away."""
        if self._clock() < self._away_until:
            self.unkept += 1
            return None
        key, loop = key_of(prediction_id), asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._patience):
                await loop.run_in_executor(self._threads, self._write, key, version, asked)
        except (Unavailable, TimeoutError) as error:
            self.unkept += 1
            self._away_until = self._clock() + _REST_SECONDS
            log.warning("what was asked is not kept", error=str(error) or "the store is slow", unkept=self.unkept)
            return None
        return key

    def _write(self, key: str, version: ModelVersionId, asked: Asked) -> None:
        kept = AskedRows(model_version_id=version, rows=tuple(map(dict, asked.rows)), of=asked.of)
        self._objects.create(key, [kept.model_dump_json().encode()])
