"""Runs the built-in issuer: ``python -m infra.local.issuer``."""

import json
import os
import signal
import socket
import sys

import uvicorn

from contracts.errors import Misconfigured
from infra.clock import utc_now
from infra.local.issuer.app import Issuer, application
from infra.local.issuer.clients import clients_of
from infra.local.issuer.settings import IssuerSettings
from infra.local.issuer.signing import Signer
from infra.local.issuer.tickets import Tickets


def main() -> None:
    """Answer until told to stop; exit 78 if the settings cannot work."""
    try:
        settings = IssuerSettings.read()
        with _bound(settings) as listener:
            _serve(settings, listener)
    except Misconfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(os.EX_CONFIG)


def _bound(settings: IssuerSettings) -> socket.socket:
    try:
        listener = socket.create_server((settings.host, settings.port), backlog=128)
    except OSError as error:
        raise Misconfigured(f"ISSUER_HOST, ISSUER_PORT: cannot bind {settings.host}:{settings.port}: {error}") from None
    # asyncio does this only for sockets that say that they are TCP; without it each answer waits 40 ms for an ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _serve(settings: IssuerSettings, listener: socket.socket) -> None:
    url = settings.url.rstrip("/") or f"http://{settings.host}:{listener.getsockname()[1]}"
    issuer = Issuer(
        url,
        settings,
        clients_of(settings.folder),
        Signer.open(settings.folder, url, utc_now),
        Tickets(settings.ticket_seconds, utc_now),
    )
    if settings.ready_file is not None:
        # The socket listens since it was bound, so whoever reads this may connect at once.
        unfinished = settings.ready_file.with_suffix(".new")
        unfinished.write_text(json.dumps({"url": url, "pid": os.getpid()}))
        unfinished.replace(settings.ready_file)
    config = uvicorn.Config(
        application(issuer), log_level=settings.log_level.lower(), access_log=False, server_header=False, ws="none"
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        # Once it has stopped in order, uvicorn sends itself the signal again, which must not look like a crash.
        signal.signal(number, lambda _number, _frame: None)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
