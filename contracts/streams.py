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
