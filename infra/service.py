"""A service's shape: what it hears, what it answers, and how it runs from start to drain."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData

from contracts.message import Event, Message, Query
from infra.bus import Bus, Delivered, Handler, Patience


@dataclass(frozen=True)
class Service:
    """What a service's ``app.py`` wires: a role, its handlers and its state."""

    role: str
    """One of ``contracts.catalog.HEARS``; ``handlers`` must cover exactly what that role hears."""
    handlers: Mapping[type[Message], Handler]
    """Commands obeyed and facts acted on."""
    recalls: Mapping[type[Event], Handler] = field(default_factory=dict)
    """Facts of its own that a service reads when it has lost its state; what the handlers return is not said again."""
    questions: Mapping[type[Query[Any]], Handler] = field(default_factory=dict)
    """Queries answered: the handler returns the answer, or raises a Refusal."""
    listens: Mapping[type[Message], Callable[[Delivered], Awaitable[None]]] = field(default_factory=dict)
    """Facts and progress that each process of the role wants as they come, and may miss: no retry, no answer."""
    tables: MetaData | None = None
    """The tables of the service's own state; without any, handlers must be idempotent by themselves."""
    patience: Patience = field(default_factory=Patience)
    """How often a message is tried."""
    beside: Callable[[Bus], Awaitable[None]] | None = None
    """What runs next to the bus until cancelled, such as an HTTP server; when it ends, the service ends."""
