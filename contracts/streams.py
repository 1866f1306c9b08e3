"""What keeps messages: the streams, and the names of the durable consumers that feed each role."""

from dataclasses import dataclass
from typing import Literal

EVENTS = "EVENTS"
COMMANDS = "COMMANDS"
SCHEDULES = "SCHEDULES"
DEAD = "DEAD"


@dataclass(frozen=True)
class Stream:
    """One stream: what it keeps, and for how long."""

    name: str
    subjects: tuple[str, ...]
    retention: Literal["limits", "workqueue"]
    """``limits`` keeps a message for ever or up to a limit that is set; ``workqueue`` until it was handled."""
    keeps: str


STREAMS = (
    Stream(
        EVENTS,
        ("evt.>",),
        "limits",
        "Facts, in the order in which they were stated; old ones may have gone to the archive.",
    ),
    Stream(COMMANDS, ("cmd.>",), "workqueue", "Each command, until its owner has obeyed or refused it."),
    Stream(SCHEDULES, ("sched.>",), "limits", "Alarms that wait for their time; each that rang, for an hour."),
    Stream(DEAD, ("dead.>",), "limits", "What was refused or could not be handled, as it came, with the reason."),
)
"""The platform's own streams; each publisher has one more, of its arrivals."""


def command_durable(role: str) -> str:
    """Return the name of the consumer that gives ``role`` its commands."""
    return f"{role}-commands"


def urgent_durable(role: str) -> str:
    """Return the name of the consumer that gives ``role`` the commands that wait for no other."""
    return f"{role}-urgent"


def fact_durable(role: str) -> str:
    """Return the name of the consumer that gives ``role`` its facts."""
    return f"{role}-facts"


def alarm_durable(role: str) -> str:
    """Return the name of the consumer that rings the alarms of ``role``."""
    return f"{role}-alarms"


def arrivals(publisher: str) -> str:
    """Return the name of the stream that keeps what a publisher sent until it went on: ``in.<publisher>.>``."""
    return f"IN_{publisher}"


def outside_durable(publisher: str) -> str:
    """Return the name of the consumer that gives a publisher the facts that it hears."""
    return f"outside-{publisher}"


def hook_durable(webhook: str) -> str:
    """Return the name of the consumer that gives the postman what a webhook is told."""
    return f"hook-{webhook}"


DOOR = "door"
"""The consumer, on each stream of arrivals, that gives them to the door."""
