import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.js.api import ConsumerInfo
from nats.js.client import JetStreamContext
from nats.js.errors import ServiceUnavailableError

from infra.bus.follower import Follower
from tests.builders.nats import NatsServer


class Leaderless(JetStreamContext):
    """A stream that has lost its leader: for some time no consumer can be made."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.refusals = 0
        self.refused = asyncio.Event()

    async def add_consumer(self, *arguments: Any, **named: Any) -> ConsumerInfo:
        if self.refusals:
            self.refusals -= 1
            self.refused.set()
            raise ServiceUnavailableError
        return await super().add_consumer(*arguments, **named)


@pytest.fixture
async def stream(tmp_path: Path) -> AsyncIterator[Leaderless]:
    server = NatsServer(tmp_path)
    server.start()
    client = await nats.connect(server.url)
    yield Leaderless(client, timeout=2)
    await client.close()
    server.kill()


async def test_a_reader_outlives_a_time_in_which_its_stream_has_no_leader(stream: Leaderless) -> None:
    await stream.add_stream(name="TALE", subjects=["tale.>"])
    follower = Follower(stream, "TALE", ["tale.>"])
    await follower.start(replay=True)
    await stream.publish("tale.one", b"once")
    assert (await follower.next()).data == b"once"
    reading = asyncio.create_task(follower.next())
    stream.refusals = 3
    for consumer in await stream.consumers_info("TALE"):
        await stream.delete_consumer("TALE", consumer.name)
    async with asyncio.timeout(20):
        await stream.refused.wait()
        await stream.publish("tale.two", b"upon a time")
        assert (await reading).data == b"upon a time"
    await follower.stop()
