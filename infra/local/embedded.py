"""The embedded platform from start to stop: what `trackside up` and `trackside demo` stand on."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from infra.bus.client import connect
from infra.bus.streams import provision
from infra.clock import utc_now
from infra.local.disk import restart_with_room
from infra.local.layout import Home
from infra.local.lock import locked
from infra.local.nats import configure
from infra.local.platform import Platform, Running
from infra.local.ports import settled
from infra.local.processes import SERVERS, Addresses, Rows, nats_server, users
from infra.local.supervisor import Supervisor, Watched
from infra.telemetry import Telemetry


@dataclass
class Embedded:
    """A running platform, and what keeps it running."""

    home: Home
    addresses: Addresses
    started_at: datetime
    tell: Callable[[str], None]
    """Tells a person what happens."""
    supervisor: Supervisor = field(init=False)

    def platform(self) -> Platform:
        """Return where it answers, and how each process does."""
        return Platform(
            home=self.home.root,
            pid=os.getpid(),
            started_at=self.started_at,
            nats_url=self.addresses.nats,
            objects_url=f"file://{self.home.objects}",
            ui_url=self.addresses.http("ui"),
            serving_url=self.addresses.http("serving"),
            events_url=self.addresses.http("events"),
            mlflow_url=self.addresses.http("mlflow"),
            issuer_url=self.addresses.http("issuer"),
            processes={watched.process.name: self._running(watched) for watched in self.supervisor.watched},
        )

    def write(self) -> None:
        """Tell the command line what ``platform`` returns."""
        self.platform().write()

    def _running(self, watched: Watched) -> Running:
        return Running(
            pid=watched.pid,
            ready=watched.ready.is_set(),
            restarts=watched.restarts,
            log=self.home.log(watched.process.name),
            on_bus=watched.process.on_bus,
        )


@asynccontextmanager
async def embedded(home: Home, workers: int, tell: Callable[[str], None]) -> AsyncIterator[Embedded]:
    """Run the platform in ``home`` for as long as the block lasts; it begins when the page and the services are ready.

    Raises:
        AlreadyRunning: if another platform runs there.
        ProcessFailed: if a process that the block needs cannot start.
    """
    home.create()
    with locked(home):
        home.empty_scratch()
        addresses = Addresses(settled(SERVERS, home.run / "ports.json"))
        configure(home, addresses.ports["nats"], users(workers))
        running = Embedded(home, addresses, utc_now(), tell)
        try:
            async with Supervisor(home, tell, running.write) as supervisor:
                running.supervisor = supervisor
                async with _begun(running, workers):
                    yield running
        finally:
            home.platform_file.unlink(missing_ok=True)


@asynccontextmanager
async def _begun(running: Embedded, workers: int) -> AsyncIterator[None]:
    home, supervisor, url = running.home, running.supervisor, running.addresses.nats
    nats = nats_server(home, running.addresses)
    supervisor.start(nats)
    await supervisor.ready(nats)
    await provision(url, home.seed("provisioner"))
    [watched] = supervisor.watched
    health = f"{running.addresses.http('nats-monitor')}/healthz"
    tending = asyncio.create_task(restart_with_room(watched, health, home.nats, running.tell))
    bus = await connect(url, home.seed("supervisor"), "supervisor", Telemetry("supervisor"))
    try:
        rows = Rows(home, running.addresses, bus)
        front = rows.front()
        supervisor.start(*front, *rows.beside())
        await supervisor.ready(*front)
        supervisor.start(*rows.labour(workers))
        yield
    finally:
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)
        # nats-server is last, so that everyone else can say what is still to be said.
        await supervisor.stop(above=nats.stage)
        await bus.close()
