"""Publishers outside a guarded nats-server and a real ingest: one that floods it, one that only wants its answers."""

import asyncio
import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeout
from nats.js.client import JetStreamContext

from contracts.ingest import RegisterDataset
from contracts.permissions import inbox
from tests.builders.hostile import HostileEvent

_IN_FLIGHT = 64
_FULL = 10077
"""What nats-server says when a stream may hold no more messages."""
_AFTER_REFUSAL = 0.1


class Flood:
    """Sends events as fast as it can while ``on`` is set; what the backlog refuses is sent again."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name
        self._inbox = f"{inbox(name)}.{secrets.token_hex(4)}"
        self._words: dict[str, asyncio.Future[Msg]] = {}
        self._settled: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.on = asyncio.Event()
        self.refusals = 0
        """How often an event was refused for the backlog."""
        self.duplicates = 0
        """How many events nats-server knew already by their id."""
        self.stored: list[HostileEvent] = []
        self.unstored: Counter[str] = Counter()
        """Refusals for any other reason, by kind and reason."""

    async def run(self, events: Iterable[HostileEvent]) -> None:
        """Send all ``events``."""
        await self._client.subscribe(f"{self._inbox}.*", cb=self._hear)
        ahead = iter(events)
        await asyncio.gather(*(self._worker(ahead) for _ in range(_IN_FLIGHT)))

    async def _worker(self, ahead: Iterable[HostileEvent]) -> None:
        for event in ahead:
            if event.after is not None:
                await self._settled[event.after].wait()
            await self._insist(event)

    async def _insist(self, event: HostileEvent) -> None:
        while True:
            await self.on.wait()
            word = await self._word_on(event)
            problem = word.get("error", {})
            if problem.get("err_code") != _FULL:
                break
            self.refusals += 1
            await asyncio.sleep(_AFTER_REFUSAL)
        if problem:
            self.unstored[f"{event.kind}: {problem.get('description')}"] += 1
        elif word.get("duplicate"):
            self.duplicates += 1
        else:
            self.stored.append(event)
        self._settled[event.key].set()

    async def _word_on(self, event: HostileEvent) -> dict[str, Any]:
        """Send an event, past all that the client would check of it, and return what nats-server says."""
        subject, block, data = event.sent(self._name)
        token = secrets.token_hex(8)
        heard = self._words[token] = asyncio.get_running_loop().create_future()
        reply = f"{self._inbox}.{token}".encode()
        sizes = b"%d %d" % (len(block), len(block) + len(data)) if block else b"%d" % len(data)
        verb = b"HPUB" if block else b"PUB"
        line = b" ".join([verb, subject, reply, sizes])
        await self._client._send_command(line + b"\r\n" + block + data + b"\r\n")
        await self._client._flush_pending()
        answer: dict[str, Any] = json.loads((await heard).data)
        return answer

    async def _hear(self, raw: Msg) -> None:
        self._words.pop(raw.subject.rpartition(".")[2]).set_result(raw)


class Registrar:
    """Sends the same small file again and again, waits for the answer each time, and notes how long it took."""

    def __init__(self, client: Client, name: str, upload: str) -> None:
        self._client = client
        self._name = name
        self._upload = upload
        self._number = 0

    async def begin(self) -> None:
        """Listen on the durable of what the publisher hears."""
        stream = self._client.jetstream()
        self._hears: JetStreamContext.PullSubscription = await stream.pull_subscribe_bind(
            consumer=f"outside-{self._name}", stream="EVENTS"
        )

    async def seconds(self) -> float:
        """Register once; return the seconds from sending to the answer."""
        self._number += 1
        command = RegisterDataset(
            ingestion_id=f"{self._name}-{self._number}", name=self._name, upload=self._upload, filename="small.csv"
        )
        headers = {"ce-id": command.key, "ce-source": self._name, "ce-time": "2026-01-01T00:00:00Z"}
        began = monotonic()
        await self._client.jetstream().publish(
            f"in.{self._name}.{command.address}", command.model_dump_json().encode(), headers=headers
        )
        while True:
            with suppress(NatsTimeout):
                for raw in await self._hears.fetch(1, timeout=5):
                    await raw.ack()
                    if raw.subject.endswith(f".{command.key}"):
                        return monotonic() - began
