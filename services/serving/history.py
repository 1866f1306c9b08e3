"""The model versions in the event stream, for a handler that runs in a thread."""

import asyncio
from concurrent.futures import TimeoutError as TookTooLong

from contracts.training import ModelVersionCreated
from infra.bus import Bus, BusUnavailable

_SECONDS = 10.0


class StreamHistory:
    """Looks a model version up in the stream itself, which knows it before any state does."""

    def __init__(self) -> None:
        self._reach: tuple[Bus, asyncio.AbstractEventLoop] | None = None

    def attach(self, bus: Bus) -> None:
        """Search by this bus from now on; called on the loop that it lives on."""
        self._reach = (bus, asyncio.get_running_loop())

    def find(self, model: str) -> ModelVersionCreated | None:
        """Return the model version with this id, or the latest that the experiment with this id made.

        Raises:
            BusUnavailable: if the stream cannot be read now.
        """
        if self._reach is None:
            raise BusUnavailable("serving has only just started")
        bus, loop = self._reach
        searching = asyncio.run_coroutine_threadsafe(_search(bus, model), loop)
        try:
            return searching.result(_SECONDS)
        except TookTooLong:
            searching.cancel()
            raise BusUnavailable(f"the stream was not read within {_SECONDS:g} s") from None


async def _search(bus: Bus, model: str) -> ModelVersionCreated | None:
    found = None
    async for fact in bus.facts(ModelVersionCreated, stop_when_idle=True):
        version = fact.message
        if isinstance(version, ModelVersionCreated) and model in {version.model_version_id, version.experiment_id}:
            found = version
    return found
