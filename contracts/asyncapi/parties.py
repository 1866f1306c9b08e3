"""What AsyncAPI has no word for: streams, durables, and what nats-server lets each identity do."""

from dataclasses import asdict
from typing import Any

from contracts.catalog import HEARS, alarms_of, commands_of, facts_of, urgent_of
from contracts.identities import IDENTITIES
from contracts.permissions import inbox, permissions
from contracts.publishers import Limits
from contracts.streams import (
    COMMANDS,
    DOOR,
    EVENTS,
    SCHEDULES,
    STREAMS,
    alarm_durable,
    arrivals,
    command_durable,
    fact_durable,
    urgent_durable,
)
from contracts.subjects import stem_of


def streams() -> dict[str, Any]:
    """Return each stream with what it keeps, and for how long."""
    own = {stream.name: {name: value for name, value in asdict(stream).items() if name != "name"} for stream in STREAMS}
    limits = Limits()
    outside = {
        "subjects": ["in.{publisher}.>"],
        "retention": "workqueue",
        "keeps": "What a publisher sent, until it went on; size and number as its card says.",
        "limits": limits.model_dump(),
    }
    return {**own, arrivals("{publisher}"): outside}


def durables() -> dict[str, Any]:
    """Return each durable consumer with its stream, who is fed by it, and what it lets through."""
    found: dict[str, Any] = {}
    for role in HEARS:
        fed = (
            (COMMANDS, command_durable(role), commands_of(role)),
            (COMMANDS, urgent_durable(role), urgent_of(role)),
            (EVENTS, fact_durable(role), facts_of(role)),
            (SCHEDULES, alarm_durable(role), alarms_of(role)),
        )
        for stream, durable, messages in fed:
            if messages:
                filters = [f"{stem_of(message)}.*.*" for message in messages]
                found[durable] = {"stream": stream, "role": role, "filters": filters}
    found[DOOR] = {"stream": arrivals("{publisher}"), "role": "door", "filters": ["in.{publisher}.>"]}
    return found


def identities() -> dict[str, Any]:
    """Return the allow-lists of each identity, as nats-server has them."""
    return {name: {"inbox": f"{inbox(name)}.>", **asdict(permissions(name, IDENTITIES[name]))} for name in IDENTITIES}
