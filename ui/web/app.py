"""Wiring: the bus, the hub, and the routes of the Bokeh server."""

import asyncio
import gc
import secrets
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import panel as pn
from bokeh.server.server import Server
from panel.io.server import get_server
from tornado.web import RequestHandler

from infra import logs
from infra.bus import Bus
from infra.bus.client import connect
from infra.clock import utc_now
from infra.history.archive import archive_of
from infra.metrics import HTTP_DURATION, request_labels
from infra.objects import Objects
from infra.objects.store import objects_of
from infra.telemetry import Telemetry
from infra.tokens import IssuerKeys, TokenChecker
from ui.web.actions import Actions
from ui.web.hub import Hub
from ui.web.login import Door, Guard, LinkLogin, PageAuth
from ui.web.notice import notice
from ui.web.page import open_page
from ui.web.predictions import ServingApi, token_source
from ui.web.reports import StoredReports
from ui.web.settings import UiSettings
from ui.web.upload import Upload

ASSETS = Path(__file__).parent / "assets"
_UPLOAD_THREADS = 4

log = logs.logger(__name__)


class Ready(RequestHandler):
    """Whether the page can be opened, for whoever starts it."""

    hub: Hub

    def get(self) -> None:
        """Answer as soon as pages are served; they say themselves whether facts arrive."""
        self.write({"ready": True, "live": self.hub.live})


class NoPage(RequestHandler):
    """What stands at an address that leads nowhere."""

    def prepare(self) -> None:
        """Answer every method with the way to the page."""
        self.set_status(404)
        self.finish(notice("There is no such page", "The address may be misspelt.", link="Open Trackside"))


def main(settings: UiSettings) -> None:
    """Serve the page until SIGTERM or SIGINT."""
    logs.configure(settings.process, settings.log_level, otlp=settings.otlp_endpoint is not None)
    asyncio.run(_run(settings))


async def _run(settings: UiSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    telemetry = Telemetry(settings.process, settings.traces_dir, otlp=settings.otlp_endpoint is not None)
    connecting = asyncio.create_task(
        connect(
            settings.nats_url,
            settings.nats_seed_file,
            settings.process,
            telemetry,
            ca_file=settings.nats_ca_file,
            archive=archive_of(settings),
        )
    )
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([connecting, stopping], return_when=asyncio.FIRST_COMPLETED)
    if connecting.done():
        bus = connecting.result()
        _tune_collector()
        await serve(settings, bus, objects_of(settings), stop, telemetry)
        await bus.close()
    else:
        connecting.cancel()
    telemetry.close()


async def serve(settings: UiSettings, bus: Bus, objects: Objects, stop: asyncio.Event, telemetry: Telemetry) -> None:
    """Serve the page over ``bus`` until ``stop`` is set."""
    hub = Hub(utc_now)
    hub.start(bus)
    actions = Actions(bus, ServingApi(settings.serving_url, token_source(settings)), StoredReports(objects), utc_now)
    server = page_server(settings, hub, actions, objects, partial(timed, telemetry))
    server.start()
    log.info("ready", url=settings.address)
    try:
        await stop.wait()
    finally:
        server.stop()
        await hub.stop()


def page_server(
    settings: UiSettings, hub: Hub, actions: Actions, objects: Objects, on_answered: Callable[[RequestHandler], None]
) -> Server:
    """Return the Bokeh server with all routes, listening but not started; it tells ``on_answered`` of each request."""
    pn.extension(notifications=False)
    guard, door = _entrance(settings)
    routes: list[tuple[Any, ...]] = [
        (r"/(?:ready|health)", type("HubReady", (Ready,), {"hub": hub})),
        (r"/upload", _upload(settings, guard, objects)),
    ]
    return get_server(
        # Panel takes functions only, no partials.
        {"": lambda: open_page(hub, actions, guard, utc_now, settings.mlflow_url)},
        address=settings.http_host,
        port=settings.http_port,
        websocket_origin=[urlsplit(settings.address).netloc],
        static_dirs={"assets": str(ASSETS)},
        extra_patterns=routes,
        auth_provider=PageAuth(guard, door),
        sign_sessions=True,
        unused_session_lifetime_milliseconds=round(1000 * settings.linger_seconds),
        check_unused_sessions_milliseconds=round(1000 * settings.linger_seconds),
        secret_key=secrets.token_urlsafe(32),
        default_handler_class=NoPage,
        log_function=on_answered,
        title="Trackside",
        show=False,
        start=False,
    )


def _entrance(settings: UiSettings) -> tuple[Guard, type[Door]]:
    """Return what knows people, and what lets them in."""
    keys = IssuerKeys(settings.issuer_url, address=settings.issuer_address)
    if settings.login == "link":
        checker = TokenChecker(settings.issuer_url, settings.audience, keys=keys, role_claim=settings.role_claim)
        guard = Guard(checker, settings.address)
        redeemed_at = settings.issuer_address or settings.issuer_url
        return guard, type("GuardedLogin", (LinkLogin,), {"guard": guard, "issuer_url": redeemed_at})
    # Imported here because the client of other issuers is a library of its own, which one-time links need not pay for.
    from infra.tokens.code_flow import CodeFlow  # noqa: PLC0415
    from ui.web.people import IssuerLogin  # noqa: PLC0415
    from ui.web.sessions import Sessions  # noqa: PLC0415

    secret = settings.client_secret.get_secret_value()
    flow = CodeFlow(
        TokenChecker(
            settings.issuer_url, settings.client_id, types=("jwt", ""), keys=keys, role_claim=settings.role_claim
        ),
        settings.issuer_url,
        settings.client_id,
        secret,
        f"{settings.address}/login",
        scopes=settings.login_scopes,
        address=settings.issuer_address,
    )
    sessions = Sessions(secret, settings.session_seconds, utc_now)
    guard = Guard(sessions, settings.address)
    fields = {"guard": guard, "flow": flow, "sessions": sessions, "role_claim": settings.role_claim}
    return guard, type("GuardedLogin", (IssuerLogin,), fields)


def timed(telemetry: Telemetry, handler: RequestHandler) -> None:
    """Note how long a request took: by the class that answered it, for Bokeh's routes have no names."""
    labels = request_labels(handler.request.method or "", type(handler).__name__, handler.get_status())
    telemetry.time(HTTP_DURATION, handler.request.request_time(), labels)


def _upload(settings: UiSettings, guard: Guard, objects: Objects) -> type[Upload]:
    fields = {
        "guard": guard, "objects": objects, "most_bytes": settings.max_upload_bytes,
        "threads": ThreadPoolExecutor(_UPLOAD_THREADS, thread_name_prefix="upload"),
    }  # fmt: skip
    return type("StoredUpload", (Upload,), fields)


def _tune_collector() -> None:
    """Keep full collections rare and short: with many pages open each one would stop them all for half a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
