"""How a process connects to nats-server: it reconnects for ever, and says so when it is refused."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from ssl import SSLCertVerificationError
from time import monotonic
from typing import Literal

from nats.aio.client import Client
from nats.errors import Error, NoServersError, UnexpectedEOF

from contracts.errors import Misconfigured
from contracts.permissions import inbox
from infra.bus import BusUnavailable
from infra.bus.tls import trusting
from infra.bus.wary import WaryClient
from infra.logs import logger

log = logger(__name__)

PUBLISH_SECONDS = 2.0
"""How long to wait for nats-server's word that a message is stored; what is sent to a dying one is lost, and so is sent
again after this time, under the same id."""

_QUIET_SECONDS = 5.0
"""How long a complaint that was logged is not logged again: a client that reconnects repeats it four times a second."""

_DENIED = "permissions violation"
_LATE_ANSWER = 'publish to "_inbox_'
"""Only answers go there. nats-server forgets who may be answered when its users change, and denies what is on its way;
who asked asks again."""

OnLink = Callable[[Literal["away", "back"]], None]
"""Called when nats-server goes away, and when it is back."""


async def connect(
    url: str,
    seed_file: Path | None = None,
    *,
    name: str,
    ca_file: Path | None = None,
    patience: float | None = None,
    on_link: OnLink | None = None,
) -> Client:
    """Return a connection to nats-server, waiting for it at most ``patience`` seconds, or for ever.

    ``url`` may name the servers of a cluster, with commas between them.
    ``ca_file`` is the certificate of the authority that vouches for a server at ``tls://``.

    Who gives ``on_link`` is told when nats-server goes away and comes back, in the place of a log of each attempt.

    Raises:
        BusUnavailable: if nothing answers there in time.
        Misconfigured: if the key is refused, or the server's certificate is not to be believed.
    """
    client = WaryClient()
    link = _Link(client, on_link)
    attempt = client.connect(
        url.split(","),
        name=name,
        nkeys_seed=str(seed_file) if seed_file else None,
        inbox_prefix=inbox(name),
        tls=trusting(ca_file),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,  # type: ignore[arg-type]
        connect_timeout=2,
        error_cb=link.complain,
        disconnected_cb=link.lost,
        reconnected_cb=link.found,
    )
    try:
        await asyncio.wait_for(attempt, patience)
    except (NoServersError, OSError, TimeoutError) as error:
        if link.refused:
            raise Misconfigured(f"nats-server at {url} refuses the key of {name}") from error
        if link.distrusted:
            raise Misconfigured(f"{url} is not to be believed that it is nats-server: {link.distrusted}") from error
        raise BusUnavailable(f"nats-server does not answer at {url}") from error
    except Error as error:
        if _is_refusal(error):
            raise Misconfigured(f"nats-server at {url} refuses the key of {name}") from error
        raise
    return client


class Complaints:
    """What nats-server says against one connection: a denied publish is silent otherwise."""

    def __init__(self, clock: Callable[[], float] = monotonic, on_denied: Callable[[], None] = lambda: None) -> None:
        """``on_denied`` is called at each denial."""
        self._clock = clock
        self._on_denied = on_denied
        self._logged: dict[str, float] = {}
        self.denied = 0
        """How often something was denied."""
        self.last_denied: str | None = None

    async def report(self, error: Exception) -> None:
        """Count a denial, and log a complaint, unless it was logged some seconds ago."""
        text, now = str(error) or type(error).__name__, self._clock()
        if _DENIED in text.lower() and _LATE_ANSWER not in text.lower():
            self.denied += 1
            self.last_denied = text
            self._on_denied()
        if now - self._logged.get(text, -_QUIET_SECONDS) >= _QUIET_SECONDS:
            self._logged = {known: at for known, at in self._logged.items() if now - at < _QUIET_SECONDS} | {text: now}
            log.warning("bus", error=text)


def _is_refusal(error: Exception) -> bool:
    return "authorization" in str(error).lower()


class _Link:
    """What a connection tells of itself."""

    def __init__(self, client: Client, on_link: OnLink | None) -> None:
        self._client = client
        self._on_link = on_link
        self._complaints = Complaints()
        self.refused = False
        """Whether nats-server has ever refused the key."""
        self.distrusted = ""
        """What is wrong with the server's certificate, if that was ever the cause."""

    async def complain(self, error: Exception) -> None:
        refused = _is_refusal(error)
        self.refused |= refused
        if isinstance(error, SSLCertVerificationError):
            self.distrusted = error.verify_message
        if refused and self._client.is_connecting:
            return  # whoever connects is told by an error
        absent = isinstance(error, UnexpectedEOF) or not self._client.is_connected
        if self._on_link is None or refused or not absent:
            await self._complaints.report(error)

    async def lost(self) -> None:
        # It is called, too, when this side closes.
        if self._on_link is not None and not self._client.is_closed:
            self._on_link("away")

    async def found(self) -> None:
        if self._on_link is not None:
            self._on_link("back")
