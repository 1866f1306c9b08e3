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


class AskHealth(Query[Health]):
    """Are you well?"""

    subject: ClassVar[str] = "qry.platform.process.health.v1"
    keyed_by: ClassVar[str] = "process"
    answer: ClassVar[type[Value]] = Health

    process: Key
