"""The bus: typed messages over NATS JetStream.

Everyone but this package sees three things only: ``Bus`` (what a client may do), ``Handler`` (a plain function from a
message and its ports to messages), and ``Delivered`` (a fact with its envelope).
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from contracts.errors import TracksideError, Unavailable
from contracts.message import Command, Event, Message, Query, Refused, Value

AnswerT = TypeVar("AnswerT", bound=Value)
Outcome = Iterable[Message]


class BusUnavailable(Unavailable):
    """nats-server does not answer in time."""


class BusFull(BusUnavailable):
    """nats-server has no room left for a message; with more room it can be stored."""

    def __init__(self, address: str) -> None:
        cause = f"{address} was not stored: the streams of nats-server are as large as they may be (max_file_store)."
        super().__init__(f"{cause} Raise that limit or archive old facts (trackside gc), then try again.")


class NotPermitted(TracksideError):
    """nats-server does not let this process publish there: its contract does not say that it does."""

    def __init__(self, process: str, address: str) -> None:
        cause = f"nats-server does not let {process} publish on {address}."
        super().__init__(f"{cause} What it may say stands in contracts/identities.py, and in the publisher's card.")


class Unanswered(Unavailable):
    """No answer came in time; the question or command may still be obeyed."""

    def __init__(self, address: str, seconds: float) -> None:
        self.address = address
        super().__init__(f"no answer to {address} within {seconds:g} s; is its service running? Try: trackside status")


class CommandRefused(TracksideError):
    """A command was answered with a refusal."""

    def __init__(self, refusal: Refused) -> None:
        self.refusal = refusal
        super().__init__(f"{refusal.cause} {refusal.cure}")


class QuestionRefused(TracksideError):
    """A question cannot be answered: what is wrong, and the cure."""

    def __init__(self, reason: str, cause: str, cure: str) -> None:
        self.reason = reason
        self.cause = cause
        self.cure = cure
        super().__init__(f"{cause} {cure}")


@dataclass(frozen=True)
class Envelope:
    """A message's CloudEvents attributes, and where it stands in the story."""

    id: str
    type: str
    """The subject without its key."""
    source: str
    """The process that said it."""
    time: datetime
    correlation_id: str
    """The id of the message that began it all."""
    causation_id: str | None
    """The id of the message that led to this one; None for the first."""
    traceparent: str | None
    root: str | None
    """The traceparent of the span where the story began; commands hang below it."""


@dataclass(frozen=True)
class Delivered:
    """A message as it came from the stream."""

    message: Message
    envelope: Envelope
    sequence: int
    """Its place in the stream; 0 for progress, which has none."""


@dataclass(frozen=True)
class Handler:
    """A plain function with its ports: ``function(message, **ports, **stores)`` returns messages, or an answer.

    It runs in a thread of its own, so it may block; the bus keeps the message alive meanwhile. Each store is made anew
    for each message from the transaction in which its writes and the outgoing messages commit together.
    """

    function: Callable[..., Any]
    stores: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    """Port name to a factory that takes a ``infra.state.Transaction``."""
    ports: Mapping[str, Any] = field(default_factory=dict)
    """Port name to what stays the same for all messages."""


@dataclass(frozen=True)
class Patience:
    """How often a message is tried before it is a dead letter; None is for ever."""

    unavailable: int | None = 5
    bug: int | None = 2
    first_delay: float = 0.2
    longest_delay: float = 15.0

    def delay(self, delivery: int) -> float:
        """Return how long to wait, in seconds, after the ``delivery``-th try (from 1)."""
        return float(min(self.longest_delay, self.first_delay * 2 ** (delivery - 1)))


class Bus(Protocol):
    """What a client of the bus may do, whoever it is: a service, the command line, the web page."""

    async def publish(self, message: Message) -> None:
        """Publish a message and wait until it is stored; progress is sent without waiting."""

    async def order(self, command: Command, *answers: type[Event], seconds: float = 30.0) -> Event:
        """Send a command and return the fact that answers it, one of ``answers``.

        Listens on the command's key before it sends.

        Raises:
            CommandRefused: if the answer is a refusal.
            Unanswered: if none came in time.
        """

    async def ask(self, query: Query[AnswerT], seconds: float = 5.0) -> AnswerT:
        """Ask a question and return its answer.

        Raises:
            QuestionRefused: if it cannot be answered.
            Unanswered: if nobody answered in time.
        """

    def facts(
        self, *kinds: type[Event], key: str = "*", replay: bool = True, stop_when_idle: bool = False
    ) -> AsyncIterator[Delivered]:
        """Yield facts in stream order: those so far (if ``replay``), then new ones as they come, for ever.

        ``kinds`` says which facts (all if none), ``key`` whose. With ``stop_when_idle`` it ends when those so far are
        told.
        A fact of a kind that this release does not know is passed over.
        """

    async def first_kept(self) -> int:
        """Return the sequence of the first fact that the stream still has; those before it are in the archive.

        Raises:
            BusUnavailable: if nats-server does not answer.
        """

    def signs(self, key: str = "*") -> AsyncIterator[Delivered]:
        """Yield progress as it comes."""

    async def close(self) -> None:
        """Say what is still to be said, and disconnect."""
