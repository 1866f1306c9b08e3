"""A bus in memory: facts are said by the test, and commands are answered by a function of its own."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any

from contracts.message import Command, Event, Message, Progress, Query, Refused, Value
from infra.bus import AnswerT, BusUnavailable, CommandRefused, Delivered, Envelope, Unanswered
from infra.clock import utc_now

Answering = Callable[[Command], Event | None]


def told(message: Message, sequence: int = 1, at: datetime | None = None, cause: str | None = None) -> Delivered:
    """Return ``message`` as the stream would deliver it, following from the message with the id ``cause``."""
    identity = f"message-{sequence}"
    envelope = Envelope(
        id=identity, type=message.subject, source="test", time=at or utc_now(), correlation_id=identity,
        causation_id=cause, traceparent=None, root=None,
    )  # fmt: skip
    return Delivered(message, envelope, sequence)


class MemoryBus:
    """A ``Bus`` of one test."""

    def __init__(self, answering: Answering = lambda _: None) -> None:
        """``answering`` returns the answer to a command; None leaves it unanswered."""
        self.ordered: list[Command] = []
        self.known: Mapping[type[Query[Any]], Value] = {}
        """What questions are answered with; all others are not."""
        self.away = False
        self._answering = answering
        self._facts: list[Delivered] = []
        self._signs: set[asyncio.Queue[Delivered]] = set()
        self._grown = asyncio.Condition()

    async def publish(self, message: Message) -> None:
        """Say a fact, or a sign of progress."""
        await self.say(message)

    async def say(self, message: Message, at: datetime | None = None, cause: str | None = None) -> None:
        """Say a message as if at ``at``, following from the message with the id ``cause``."""
        if isinstance(message, Progress):
            for queue in self._signs:
                queue.put_nowait(told(message, 0, at))
            return
        async with self._grown:
            self._facts.append(told(message, len(self._facts) + 1, at, cause))
            self._grown.notify_all()

    async def order(self, command: Command, *answers: type[Event], seconds: float = 30.0) -> Event:
        """Send a command and return the fact that answers it."""
        self.ordered.append(command)
        answer = self._answering(command)
        if answer is None:
            raise Unanswered(command.address, seconds)
        await self.say(answer)
        if isinstance(answer, Refused):
            raise CommandRefused(answer)
        assert isinstance(answer, answers)
        return answer

    async def ask(self, query: Query[AnswerT], seconds: float = 5.0) -> AnswerT:
        """Answer a question as the test knows it."""
        if (answer := self.known.get(type(query))) is None:
            raise Unanswered(query.address, seconds)
        return answer  # type: ignore[return-value]

    async def facts(
        self, *kinds: type[Event], key: str = "*", replay: bool = True, stop_when_idle: bool = False
    ) -> AsyncGenerator[Delivered, None]:
        """Yield facts in order, those so far and new ones."""
        if self.away:
            raise BusUnavailable("the test took it away")
        position = 0 if replay else len(self._facts)
        while True:
            for fact in self._facts[position:]:
                position += 1
                if (not kinds or isinstance(fact.message, kinds)) and key in {"*", fact.message.key}:
                    yield fact
            if stop_when_idle:
                return
            async with self._grown:
                while len(self._facts) <= position:
                    await self._grown.wait()

    async def first_kept(self) -> int:
        """Nothing has left this stream."""
        return 1

    async def signs(self, key: str = "*") -> AsyncIterator[Delivered]:
        """Yield progress as it comes."""
        queue: asyncio.Queue[Delivered] = asyncio.Queue()
        self._signs.add(queue)
        try:
            while True:
                sign = await queue.get()
                if key in {"*", sign.message.key}:
                    yield sign
        finally:
            self._signs.discard(queue)

    async def close(self) -> None:
        """Nothing is held."""
