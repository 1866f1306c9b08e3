"""How far a role is behind, for a collector."""

import asyncio

from nats.aio.client import Client
from nats.errors import Error

from contracts.identities import durables_of
from infra.metrics import EVERY_SECONDS, IN_HAND, LAG, REDELIVERED
from infra.telemetry import Telemetry


async def show_lag(client: Client, role: str, telemetry: Telemetry, every: float = EVERY_SECONDS) -> None:
    """Show what waits in the durables of ``role``, every few seconds, for ever; while nats-server is away, nothing."""
    stream = client.jetstream()
    while True:
        for name, durable in durables_of(role):
            try:
                info = await stream.consumer_info(name, durable)
            except (Error, TimeoutError):
                continue
            telemetry.show(LAG, info.num_pending or 0, durable=durable)
            telemetry.show(IN_HAND, info.num_ack_pending or 0, durable=durable)
            telemetry.show(REDELIVERED, info.num_redelivered or 0, durable=durable)
        await asyncio.sleep(every)
