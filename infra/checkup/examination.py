"""One examination: everything is looked at side by side, and nothing that hangs holds it up."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from itertools import chain
from typing import Any, TypeVar

from nats.aio.client import Client
from nats.errors import Error

from contracts.errors import Misconfigured, Unavailable
from contracts.streams import EVENTS
from infra.bus.client import NatsBus
from infra.bus.connection import connect
from infra.bus.inspection import inspect
from infra.checkup import Finding, bus, fail, folder, history, objects, ok, processes, servers
from infra.checkup.place import Place
from infra.clock import utc_now
from infra.local.layout import Home
from infra.local.platform import Platform
from infra.settings import StateSettings
from infra.telemetry import Telemetry

_AS = "cli"
_CONNECT_SECONDS = 1.5
_ASK_SECONDS = 1.2
_FOLDER_SECONDS = 1.2
_SECONDS = 3.0
"""With the folder's look before it and the start of Python this stays below five seconds, whatever hangs."""

T = TypeVar("T")


async def examine_home(home: Home) -> list[Finding]:
    """Examine the folder, and the platform that runs in it."""
    seen, late = await _within("folder", _in_thread(lambda: folder.look(home)), _FOLDER_SECONDS)
    if seen is None:
        return late
    findings = folder.judge(seen)
    if seen.running is not None:
        findings += await examine(_place(home, seen.running))
    return findings


async def examine(place: Place) -> list[Finding]:
    """Examine what answers over the network."""
    checks = [_bus(place), *(_server(server, place.issuer) for server in place.servers.items())]
    if place.objects is not None:
        checks.append(_objects(place.objects))
    return [finding for found in await asyncio.gather(*checks) for finding in found]


def _place(home: Home, platform: Platform) -> Place:
    return Place(
        nats_url=platform.nats_url,
        seed_file=home.seed(_AS),
        ca_file=None,
        servers={
            "issuer": platform.issuer_url,
            "ui": platform.ui_url,
            "serving": platform.serving_url,
            "events": platform.events_url,
            "mlflow": platform.mlflow_url,
        },
        issuer="",
        processes=dict(platform.processes),
        objects=StateSettings(objects_url=platform.objects_url),
    )


async def _bus(place: Place) -> list[Finding]:
    found, late = await _within("nats-server", _asked(place), _SECONDS)
    return late if found is None else found


async def _asked(place: Place) -> list[Finding]:
    """Ask nats-server, and over it everybody; if it is away, say what can be said without it."""
    try:
        client = await connect(
            place.nats_url,
            place.seed_file,
            name=_AS,
            ca_file=place.ca_file,
            patience=_CONNECT_SECONDS,
            on_link=lambda _: None,
        )
    except Misconfigured as error:
        cure = (
            "Start the platform again, which lets the keys in its folder in; or say in TRACKSIDE_NATS_SEED_FILE which."
        )
        return [fail("nats-server", f"{error}.", cure), *await _alone(place)]
    except (Unavailable, Error, OSError) as error:
        cure = "Start it; or, if it runs and hangs, read its log."
        return [fail("nats-server", f"{error}.", cure), *await _alone(place)]
    try:
        found = await asyncio.gather(_processes(client, place), _streams(client), _history(client, place.objects))
        return [ok("nats-server", f"{place.nats_url} lets the command line in."), *chain.from_iterable(found)]
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(client.close(), _ASK_SECONDS)


async def _alone(place: Place) -> list[Finding]:
    on_machine = {name: running for name, running in place.processes.items() if running is not None}
    return processes.judge(await processes.look(None, {**on_machine}, _ASK_SECONDS))


async def _processes(client: Client, place: Place) -> list[Finding]:
    asking = NatsBus(client, _AS, Telemetry(_AS))
    return processes.judge(await processes.look(asking, place.processes, _ASK_SECONDS))


async def _streams(client: Client) -> list[Finding]:
    try:
        return bus.judge(await inspect(client, _ASK_SECONDS), utc_now())
    except (Error, TimeoutError) as error:
        cause = f"JetStream does not answer: {str(error) or type(error).__name__}."
        return [fail("streams", cause, "nats-server's log says why; a full disk ends JetStream.")]


async def _history(client: Client, settings: StateSettings | None) -> list[Finding]:
    if settings is None:
        return []
    try:
        first = (await client.jetstream(timeout=_ASK_SECONDS).stream_info(EVENTS)).state.first_seq
    except (Error, TimeoutError):
        return []  # the streams' own finding says it
    found, late = await _within("history", _in_thread(lambda: history.look(settings, first)), _ASK_SECONDS)
    return late if found is None else [history.judge(found)]


async def _server(server: tuple[str, str], issuer: str) -> list[Finding]:
    name, url = server
    found, late = await _within(name, servers.look({name: url}, _ASK_SECONDS, utc_now), _SECONDS)
    return late if found is None else [finding for seen in found for finding in servers.judge(seen, issuer)]


async def _objects(settings: StateSettings) -> list[Finding]:
    found, late = await _within("objects", _in_thread(lambda: objects.look(settings)), _SECONDS)
    return late if found is None else [objects.judge(found)]


async def _within(check: str, work: Coroutine[Any, Any, T], seconds: float) -> tuple[T | None, list[Finding]]:
    """Return what ``work`` came to; if it hangs, None, and a finding that says so."""
    task = asyncio.ensure_future(work)
    # Not wait_for, which waits for a task that is cancelled until it obeys.
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if done:
        return task.result(), []
    task.cancel()
    return None, [
        fail(check, f"It hangs: no answer within {seconds:g} s.", "Look at the disk or the network below it.")
    ]


async def _in_thread(work: Callable[[], T]) -> T:
    """Run ``work`` in a thread that the process does not wait for when it ends, as it waits for a pool's."""
    task: Future[T] = Future()

    def run() -> None:
        try:
            task.set_result(work())
        except Exception as error:  # noqa: BLE001 - raised again where it is awaited
            task.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(task)
