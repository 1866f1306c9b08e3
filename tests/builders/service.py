"""A service running in this process, as it would in its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from infra.runner import Running
from infra.service import Service
from infra.settings import ProcessSettings


@asynccontextmanager
async def running(service: Service, settings: ProcessSettings) -> AsyncIterator[None]:
    """Run ``service`` while the block runs, then drain it."""
    run = Running(service, settings)
    task = asyncio.create_task(run.until_stopped())
    try:
        yield
    finally:
        run.stop()
        assert await task == 0
