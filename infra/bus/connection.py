"""How a process connects to nats-server: it reconnects for ever, and says so when it is refused."""

import asyncio
from pathlib import Path

import nats
from nats.aio.client import Client
from nats.errors import Error, NoServersError

from contracts.errors import Misconfigured
from contracts.permissions import inbox
from infra.bus import BusUnavailable
from infra.logs import logger

log = logger(__name__)

PUBLISH_SECONDS = 2.0
"""How long to wait for nats-server's word that a message is stored; what is sent to a dying one is lost, and so is sent
again after this time, under the same id."""


async def connect(url: str, seed_file: Path | None = None, *, name: str, patience: float | None = None) -> Client:
    """Return a connection to nats-server, waiting for it at most ``patience`` seconds, or for ever.

    Raises:
        BusUnavailable: if nothing answers there in time.
        Misconfigured: if the key is refused.
    """
    attempt = nats.connect(
        url,
        name=name,
        nkeys_seed=str(seed_file) if seed_file else None,
        inbox_prefix=inbox(name),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,
        connect_timeout=2,
        error_cb=report,
    )
    try:
        return await asyncio.wait_for(attempt, patience)
    except (NoServersError, OSError, TimeoutError) as error:
        raise BusUnavailable(f"nats-server does not answer at {url}") from error
    except Error as error:
        if "authorization" in str(error).lower():
            raise Misconfigured(f"nats-server at {url} refuses the key of {name}") from error
        raise


async def report(error: Exception) -> None:
    """Log what nats-server says against this connection: a denied publish is silent otherwise."""
    log.warning("bus", error=str(error) or type(error).__name__)
