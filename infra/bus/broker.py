"""The FastStream broker of one process: its subscribers on the durables of its role."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from faststream.nats.security import NatsNKey, NatsSecurity
from nats.aio.client import Client
from nats.errors import Error
from nats.js.errors import NotFoundError

from contracts.identities import durables_of
from contracts.permissions import inbox
from infra.bus.connection import Complaints
from infra.bus.tls import trusting
from infra.logs import logger
from infra.settings import ProcessSettings

log = logger(__name__)

_FETCH_SECONDS = 2.0

Receive = Callable[[NatsMessage], Awaitable[None]]


def build_broker(settings: ProcessSettings, closed: asyncio.Event, complaints: Complaints) -> NatsBroker:
    """Return a broker that reconnects for ever and sets ``closed`` if its client gives up all the same.

    What nats-server says against it goes to ``complaints``.

    A closed client would keep its pull subscribers spinning and freeze the loop, so the process has to end then.
    """

    async def on_closed() -> None:
        closed.set()

    return NatsBroker(
        settings.nats_url.split(","),
        name=settings.process,
        inbox_prefix=inbox(settings.process),
        security=_security(settings),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,  # type: ignore[arg-type]
        connect_timeout=2,
        error_cb=complaints.report,
        closed_cb=on_closed,
        ack_policy=AckPolicy.MANUAL,
        apply_types=False,
        logger=None,
    )


def _security(settings: ProcessSettings) -> NatsSecurity:
    tls = trusting(settings.nats_ca_file)
    if settings.nats_seed_file is None:
        return NatsSecurity(ssl_context=tls)
    return NatsNKey.from_file(settings.nats_seed_file, ssl_context=tls)


async def _as_it_came(message: NatsMessage) -> NatsMessage:
    """Hand the delivery on undecoded: the consumer parses it by its contract, and needs the means to acknowledge it."""
    return message


def subscribe(broker: NatsBroker, durables: Iterable[tuple[str, str]], process: str, receive: Receive) -> None:
    """Feed ``receive`` one message at a time from each (stream, durable), in the process of this name."""
    for stream, durable in durables:
        subscriber = broker.subscriber(
            f"{durable}.>",  # the durable has its own filters; FastStream only wants a name
            stream=JStream(stream, declare=False),
            durable=durable,
            inbox_prefix=f"{inbox(process)}.".encode(),  # the broker's own prefix does not reach pull subscribers
            pull_sub=PullSub(1, timeout=_FETCH_SECONDS),
            decoder=_as_it_came,
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
        )
        subscriber(receive)


async def missing_durables(client: Client, role: str) -> list[str]:
    """Return what is wrong with the durables of ``role``: nothing, if nats-server has them all."""
    stream = client.jetstream()
    problems = []
    for name, durable in durables_of(role):
        try:
            await stream.consumer_info(name, durable)
        except NotFoundError:
            problems.append(f"the consumer {durable} is missing")
        except Error as error:
            problems.append(f"the consumer {durable} cannot be asked for: {type(error).__name__}")
    return problems


async def until_provisioned(client: Client, role: str) -> None:
    """Wait until nats-server has every durable of ``role``."""
    while problems := await missing_durables(client, role):
        log.info("waiting", problems=problems)
        await asyncio.sleep(0.25)
