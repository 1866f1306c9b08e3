"""Runs a service: connects, rebuilds what was lost, listens, answers for its health, and drains on SIGTERM."""

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.msg import Msg

from contracts.catalog import HEARS
from contracts.errors import MalformedMessage, Misconfigured
from contracts.identities import durables_of
from contracts.subjects import addresses_of
from infra import logs
from infra.bus import Delivered
from infra.bus.answerer import Answerer
from infra.bus.broker import build_broker, missing_durables, subscribe, until_provisioned
from infra.bus.client import NatsBus, delivered
from infra.bus.connection import Complaints
from infra.bus.consumer import Consumer
from infra.bus.envelope import Sealer
from infra.bus.facts_first import FactsFirst
from infra.bus.health import HealthReporter
from infra.bus.lag import show_lag
from infra.bus.outbox import TABLES as OUTBOX_TABLES
from infra.bus.rebuild import rebuild
from infra.clock import utc_now
from infra.history import Archive
from infra.history.archive import archive_of
from infra.metrics import DENIED
from infra.service import Service
from infra.settings import ProcessSettings, StateSettings
from infra.state import State
from infra.tasks import ended
from infra.telemetry import Telemetry

EXIT_OK = 0
EXIT_LOST_BUS = 70
EXIT_MISCONFIGURED = 78

_DRAIN_SECONDS = 5.0
"""How long what runs beside may take to finish what it has in hand, before it is told again that it is over."""

log = logs.logger(__name__)

SettingsT = TypeVar("SettingsT", bound=ProcessSettings)


def main(settings_type: type[SettingsT], build: Callable[[SettingsT], Service]) -> NoReturn:
    """Read the settings, build the service, run it until it is told to stop, and exit."""
    try:
        settings = settings_type.read()
        service = build(settings)
        run(service, settings)
    except Misconfigured as error:
        sys.stderr.write(f"cannot start: {error}\n")
        sys.exit(EXIT_MISCONFIGURED)


def run(service: Service, settings: ProcessSettings) -> NoReturn:
    """Run a service until SIGTERM or SIGINT, and exit with 0; 70 if the bus was lost for good."""
    settings = settings.model_copy(update={"process": settings.process or service.role})
    logs.configure(settings.process, settings.log_level, otlp=settings.otlp_endpoint is not None)
    sys.exit(asyncio.run(_until_signalled(Running(service, settings))))


async def _until_signalled(running: "Running") -> int:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.stop)
    return await running.until_stopped()


class Running:
    """One service while it runs."""

    def __init__(self, service: Service, settings: ProcessSettings) -> None:
        _check(service)
        self._service = service
        self._settings = settings
        self._telemetry = Telemetry(settings.process, settings.traces_dir, otlp=settings.otlp_endpoint is not None)
        self._state = _state_of(service, settings)
        self._closed = asyncio.Event()
        self._stop = asyncio.Event()
        self._started = False

    def stop(self) -> None:
        """Stop soon: what is in hand is finished first."""
        self._stop.set()

    async def until_stopped(self) -> int:
        """Run until told to stop; return the exit code."""
        serving = asyncio.create_task(self._serve())
        over = asyncio.create_task(self._until_over())
        await asyncio.wait([serving, over], return_when=asyncio.FIRST_COMPLETED)
        if self._started:
            await asyncio.wait([serving])  # it hears by itself that it is over, and finishes what it has in hand
        await ended(serving, over)
        self._telemetry.close()
        if self._state is not None:
            self._state.close()
        if not serving.cancelled() and (error := serving.exception()):
            raise error
        return EXIT_LOST_BUS if self._closed.is_set() and not self._stop.is_set() else EXIT_OK

    async def _until_over(self) -> None:
        endings = [asyncio.create_task(event.wait()) for event in (self._stop, self._closed)]
        try:
            await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for ending in endings:
                ending.cancel()

    async def _serve(self) -> None:
        service = self._service
        complaints = Complaints(on_denied=lambda: self._telemetry.count(DENIED))
        broker = build_broker(self._settings, self._closed, complaints)
        client = await broker.connect()
        bus = NatsBus(client, self._settings.process, self._telemetry, archive=_archive_of(self._settings))
        health = HealthReporter(self._settings.process, lambda: missing_durables(client, service.role), complaints)
        tasks: list[asyncio.Task[None]] = []
        try:
            await health.listen(client)
            await until_provisioned(client, service.role)
            if self._state is not None:
                await rebuild(client, bus, service.role, self._state, service.handlers, service.recalls)
            await self._listen(broker, client, bus)
            # What is alive now stays alive: full collections would only walk it again and again.
            gc.collect()
            gc.freeze()
            self._started = health.ready = True
            log.info("ready")
            if self._settings.beat_file is not None:
                tasks.append(asyncio.create_task(health.beat(self._settings.beat_file)))
            if self._telemetry.counts:
                tasks.append(asyncio.create_task(show_lag(client, service.role, self._telemetry)))
            await self._beside(bus)
        finally:
            health.ready = False
            for task in tasks:
                task.cancel()
            await broker.stop()

    async def _beside(self, bus: NatsBus) -> None:
        """Run what runs next to the bus until it ends, or all is over.

        That may be so already: nats-py swallows some cancellations that reach it while it connects or subscribes.
        """
        over = asyncio.ensure_future(self._until_over())
        beside = asyncio.ensure_future(self._service.beside(bus)) if self._service.beside else over
        try:
            await asyncio.wait({over, beside}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await ended(over, beside, patience=_DRAIN_SECONDS)
        if not beside.cancelled() and (error := beside.exception()):
            raise error

    async def _listen(self, broker: NatsBroker, client: Client, bus: NatsBus) -> None:
        service = self._service
        sealer = Sealer(self._settings.process, utc_now)
        facts_first = FactsFirst(client, service.role)
        consumer = Consumer(service, bus, sealer, self._state, self._telemetry, facts_first)
        subscribe(broker, durables_of(service.role), self._settings.process, consumer.receive)
        for kind, heard in service.listens.items():
            for address in addresses_of([kind]):
                await client.subscribe(address, cb=_overhearing(heard))
        for question, handler in service.questions.items():
            await Answerer(handler, service.role, self._state, self._telemetry).listen(client, question)
        await broker.start()


def _check(service: Service) -> None:
    expected, found = set(HEARS[service.role]), set(service.handlers)
    if expected != found:
        names = sorted(kind.__name__ for kind in expected ^ found)
        raise Misconfigured(f"{service.role} and contracts.catalog.HEARS differ in {', '.join(names)}")


def _state_of(service: Service, settings: ProcessSettings) -> State | None:
    if service.tables is None:
        return None
    assert isinstance(settings, StateSettings)
    return State(settings.state_url, service.tables, OUTBOX_TABLES)


def _archive_of(settings: ProcessSettings) -> Archive | None:
    return archive_of(settings) if isinstance(settings, StateSettings) else None


def _overhearing(heard: Callable[[Delivered], Awaitable[None]]) -> Callable[[Msg], Awaitable[None]]:
    async def overhear(raw: Msg) -> None:
        try:
            fact = delivered(raw)
        except MalformedMessage as error:
            log.warning("not understood", error=str(error))
            return
        await heard(fact)

    return overhear
