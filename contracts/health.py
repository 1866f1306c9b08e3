"""How a process says that it works."""

from typing import ClassVar

from contracts.ids import Key
from contracts.message import Query, Value


class Health(Value):
    """A process's own account: ready when every consumer that it needs is there and fetched from."""

    process: str
    ready: bool
    problems: tuple[str, ...] = ()
    pid: int
    """Its process id on its machine."""
    denied: int = 0
    """How often nats-server denied this process something since it started: its contract and its permissions differ."""
    last_denied: str | None = None
    """What nats-server said when it did so last."""


class AskHealth(Query[Health]):
    """Are you well?"""

    subject: ClassVar[str] = "qry.platform.process.health.v1"
    keyed_by: ClassVar[str] = "process"
    answer: ClassVar[type[Value]] = Health

    process: Key
