"""A connection that tells its owner when nats-server goes away, and when it is back."""

import asyncio
from pathlib import Path

from structlog.testing import capture_logs

from infra.bus.connection import connect
from tests.builders.nats import NatsServer


async def test_who_asks_is_told_once_that_the_server_went_and_once_that_it_came_back(tmp_path: Path) -> None:
    server = NatsServer(tmp_path)
    server.start()
    news: asyncio.Queue[str] = asyncio.Queue()
    with capture_logs() as logged:
        async with asyncio.timeout(20):
            client = await connect(server.url, name="test", on_link=news.put_nowait)
            server.kill()
            assert await news.get() == "away"
            server.start()
            assert await news.get() == "back"
            await client.close()
    server.kill()
    assert news.empty()
    assert logged == []
