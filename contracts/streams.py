"""The names of what keeps messages: streams, and the durable consumers that feed each role."""

EVENTS = "EVENTS"
"""Keeps facts, ``evt.>``."""
COMMANDS = "COMMANDS"
"""A work queue: ``cmd.>``, each command until its owner has obeyed or refused it."""
SCHEDULES = "SCHEDULES"
"""Holds message schedules, ``sched.>``."""
DEAD = "DEAD"
"""What could not be handled, with the reason: ``dead.<durable>.<subject>``."""


def command_durable(role: str) -> str:
    """Return the name of the consumer that gives ``role`` its commands."""
    return f"{role}-commands"


def fact_durable(role: str) -> str:
    """Return the name of the consumer that gives ``role`` its facts."""
    return f"{role}-facts"


def arrivals(publisher: str) -> str:
    """Return the name of the stream that keeps what a publisher sent until it went on: ``in.<publisher>.>``."""
    return f"IN_{publisher}"


def outside_durable(publisher: str) -> str:
    """Return the name of the consumer that gives a publisher the facts that it hears."""
    return f"outside-{publisher}"


DOOR = "door"
"""The consumer, on each stream of arrivals, that gives them to the door."""
