"""What nats-server lets each identity do: derived from what it says, asks, answers and reads, and nothing else.

The subjects of JetStream's API are those of the NATS documentation, "JetStream wire API". A denial is nearly silent in
a client, so the lists are checked against a running server, subject by subject, in tests.
"""

from dataclasses import dataclass

from contracts.catalog import HEARS
from contracts.health import AskHealth
from contracts.identities import Identity, command_named, durables_of
from contracts.message import Alarm, armed
from contracts.publishers import PublisherAdded
from contracts.streams import COMMANDS, DEAD, DOOR, EVENTS, SCHEDULES, outside_durable
from contracts.subjects import addresses_of

_API = "$JS.API"
_STREAMS = (EVENTS, COMMANDS, SCHEDULES, DEAD)
_CHANGES = ("CREATE", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Permissions:
    """The allow-lists of one user of nats-server; what is on none of them is denied."""

    publish: tuple[str, ...]
    not_publish: tuple[str, ...]
    """Exceptions from ``publish``: the consumers of others, where a wildcard would include them."""
    subscribe: tuple[str, ...]
    responds: bool
    """Whether it may publish to the reply subject of a message that it received."""


def inbox(process: str) -> str:
    """Return the prefix of the subjects on which only ``process`` hears the answers to what it asks."""
    return f"_INBOX_{process}"


def permissions(process: str, identity: Identity) -> Permissions:
    """Return what ``identity`` may do in the process of this name."""
    return Permissions(
        publish=tuple(sorted({*_said(identity), *addresses_of(identity.asks), *_api(identity)})),
        not_publish=tuple(sorted(_excepted(identity))),
        subscribe=tuple(
            sorted({f"{inbox(process)}.>", *addresses_of(identity.listens), *_answered(process, identity)})
        ),
        responds=bool(identity.answers),
    )


def publisher_permissions(card: PublisherAdded) -> Permissions:
    """Return what a publisher may do: send its commands, hear its facts, and read why something was refused."""
    durable = outside_durable(card.name)
    commands = filter(None, map(command_named, card.may))
    publish = {
        *(f"in.{card.name}.{address}" for address in addresses_of(commands)),
        *_feeding(EVENTS, durable),
        f"{_API}.DIRECT.GET.{DEAD}.dead.{durable}.*",
    }
    inboxes = (f"{inbox(card.name)}.>",)
    return Permissions(publish=tuple(sorted(publish)), not_publish=(), subscribe=inboxes, responds=False)


def _said(identity: Identity) -> set[str]:
    """Return where an identity speaks; an alarm is said where it waits, and only nats-server makes it ring."""
    alarms = {message for message in identity.says if issubclass(message, Alarm)}
    said = addresses_of(message for message in identity.says if message not in alarms)
    return {*said, *map(armed, addresses_of(alarms))}


def _answered(process: str, identity: Identity) -> set[str]:
    """Return where an identity is asked: about its health only under its own name."""
    addresses = addresses_of(question for question in identity.answers if question is not AskHealth)
    return {*addresses} | ({f"{AskHealth.subject}.{process}"} if AskHealth in identity.answers else set())


def _api(identity: Identity) -> set[str]:
    subjects: set[str] = set()
    for stream, durable in identity.durables:
        subjects |= _feeding(stream, durable)
        if identity.buries:
            subjects.add(f"dead.{durable}.>")
    if identity.follows:
        # A consumer of its own, named in the subject: where the name stands in the request only, it may be anyone's.
        subjects |= {
            f"{_API}.STREAM.INFO.{EVENTS}",
            f"{_API}.CONSUMER.CREATE.{EVENTS}.>",
            f"{_API}.CONSUMER.MSG.NEXT.{EVENTS}.*",
        }
    if identity.provisions:
        subjects |= _provisioning()
    if identity.admits:
        subjects |= _admitting()
    if identity.inspects:
        subjects |= _inspecting()
    if identity.archives:
        # Every consumer of facts: those of parties outside have names that are not known here.
        subjects |= {f"{_API}.STREAM.PURGE.{EVENTS}", f"{_API}.CONSUMER.LIST.{EVENTS}"}
    return subjects


def _feeding(stream: str, durable: str) -> set[str]:
    return {
        f"{_API}.CONSUMER.INFO.{stream}.{durable}",
        f"{_API}.CONSUMER.MSG.NEXT.{stream}.{durable}",
        f"$JS.ACK.{stream}.{durable}.>",
    }


def _admitting() -> set[str]:
    """Return what makes and reads the streams of publishers; their names are not known here, so it is a wildcard."""
    streams = {f"{_API}.STREAM.{verb}.*" for verb in ("INFO", *_CHANGES)}
    return {
        *streams,
        *_feeding("*", DOOR),
        f"{_API}.CONSUMER.CREATE.*.{DOOR}",
        f"{_API}.CONSUMER.INFO.{EVENTS}.*",
        f"{_API}.CONSUMER.DELETE.{EVENTS}.*",
        f"$JS.ACK.{EVENTS}.*.>",
        "dead.*.*",
    }


def _inspecting() -> set[str]:
    """Return what shows the state of streams and durables, publishers' included, and a dead letter by number."""
    durables = {f"{_API}.CONSUMER.INFO.{stream}.{durable}" for stream, durable in _every_durable()}
    return {f"{_API}.STREAM.LIST", f"{_API}.DIRECT.GET.{DEAD}", *durables}


def _provisioning() -> set[str]:
    streams = {f"{_API}.STREAM.{verb}.{stream}" for verb in ("INFO", "CREATE", "UPDATE") for stream in _STREAMS}
    consumers = {
        f"{_API}.CONSUMER.{verb}.{stream}.{durable}"
        for verb in ("INFO", "CREATE", "DURABLE.CREATE")
        for stream, durable in _every_durable()
    }
    return streams | consumers


def _excepted(identity: Identity) -> set[str]:
    """Return what a wildcard would let through: to change the platform's durables and streams, or to take from them."""
    if not identity.follows:
        return set()
    facts = {durable for stream, durable in _every_durable() if stream == EVENTS}
    own = {durable for _, durable in identity.durables}
    create, take = f"{_API}.CONSUMER.CREATE.{EVENTS}", f"{_API}.CONSUMER.MSG.NEXT.{EVENTS}"
    excepted = {
        *(f"{create}.{durable}" for durable in facts),
        *(f"{create}.{durable}.>" for durable in facts),
        *(f"{take}.{durable}" for durable in facts - own),
    }
    if identity.admits:
        excepted |= {f"{_API}.STREAM.{verb}.{stream}" for verb in _CHANGES for stream in _STREAMS}
        excepted |= {f"{_API}.CONSUMER.DELETE.{EVENTS}.{durable}" for durable in facts}
        excepted |= {f"$JS.ACK.{EVENTS}.{durable}.>" for durable in facts}
    return excepted


def _every_durable() -> list[tuple[str, str]]:
    return [pair for role in HEARS for pair in durables_of(role)]
