"""The door: lets outside publishers in and out as the facts say, in nats-server and in front of it.

nats-server takes its users from a file. The door writes that file and has it read again over the system account, which
works the same for an embedded server and for one in a container: whoever is revoked is disconnected at once.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nats.aio.client import Client

from contracts.publishers import PublisherAdded, PublisherRevoked
from contracts.streams import DOOR
from infra.bus import Bus, Delivered
from infra.bus.client import NatsBus
from infra.bus.connection import connect
from infra.bus.gate import Gate
from infra.bus.insisting import insist, keep_up
from infra.bus.reload import reload_everywhere
from infra.bus.users import outside_users, write_users
from infra.logs import logger
from infra.tasks import ended
from infra.telemetry import Telemetry

log = logger(__name__)

DOOR_SYSTEM = "door-system"
"""The name of the door on the system account."""

_SECONDS = 2.0


@dataclass(frozen=True)
class DoorFiles:
    """What the door needs on its disk: one folder, which nats-server reads too."""

    folder: Path

    @property
    def seed(self) -> Path:
        """Return the file with the door's key on the bus."""
        return self.folder / f"{DOOR}.nk"

    @property
    def system_seed(self) -> Path:
        """Return the file with its key on the system account, which can have the configuration read again."""
        return self.folder / f"{DOOR_SYSTEM}.nk"

    @property
    def platform_users(self) -> Path:
        """Return the file with the users that are always let in."""
        return self.folder / "platform-users.conf"

    @property
    def users(self) -> Path:
        """Return the file with all users, as nats-server reads it; the door writes it."""
        return self.folder / "users.conf"


class Door:
    """Keeps nats-server's users and the publishers' gates as the facts say."""

    def __init__(self, nats_url: str, files: DoorFiles, telemetry: Telemetry, *, ca_file: Path | None = None) -> None:
        self._url = nats_url
        self._ca_file = ca_file
        self._files = files
        self._telemetry = telemetry
        self._gates: dict[str, Gate] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, bus: Bus) -> None:
        """Follow the facts of ``bus`` for ever."""
        client = await connect(self._url, self._files.seed, name=DOOR, ca_file=self._ca_file)
        system = await connect(self._url, self._files.system_seed, name=DOOR_SYSTEM, ca_file=self._ca_file)
        try:
            known = await self._catch_up(bus, client, system)
            async for fact in bus.facts(PublisherAdded, PublisherRevoked):
                if fact.sequence > known:
                    await self._follow(fact, client, system)
        finally:
            await ended(*self._tasks)
            await client.close()
            await system.close()

    async def _catch_up(self, bus: Bus, client: Client, system: Client) -> int:
        """Let in all who are not revoked, with one reading of the list; return the sequence of the last fact."""
        cards: dict[str, PublisherAdded] = {}
        revoked: set[str] = set()
        last = 0
        async for fact in bus.facts(PublisherAdded, PublisherRevoked, stop_when_idle=True):
            last, name = fact.sequence, fact.message.key
            if isinstance(fact.message, PublisherAdded):
                cards[name] = fact.message
                revoked.discard(name)
            else:
                revoked.add(name)
        for name in cards.keys() - revoked:
            await insist("door", partial(self._prepare, cards[name], client))
        # First, so that whoever was revoked is out before anything goes on.
        await insist("door", partial(self._let_in, system))
        for gate in self._gates.values():
            self._start(gate)
        for name in cards.keys() & revoked:
            if await (gate := self._gate(cards[name], client)).has_arrivals():
                self._start(gate, shut=True)
        return last

    async def _follow(self, fact: Delivered, client: Client, system: Client) -> None:
        message = fact.message
        if isinstance(message, PublisherAdded):
            await insist("door", partial(self._prepare, message, client))
            self._start(self._gates[message.name])
        elif gate := self._gates.pop(message.key, None):
            gate.shut()
        await insist("door", partial(self._let_in, system))

    async def _prepare(self, card: PublisherAdded, client: Client) -> None:
        gate = self._gate(card, client)
        await gate.provision()
        self._gates[card.name] = gate

    def _gate(self, card: PublisherAdded, client: Client) -> Gate:
        bus = NatsBus(client, card.name, self._telemetry)
        return Gate(card, client.jetstream(timeout=_SECONDS), bus, self._telemetry)

    def _start(self, gate: Gate, *, shut: bool = False) -> None:
        if shut:
            gate.shut()
        task = asyncio.create_task(self._until_shut(gate))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until_shut(self, gate: Gate) -> None:
        await keep_up(f"gate of {gate.card.name}", gate.run)
        if gate.card.name not in self._gates:
            await insist("door", gate.remove)
        log.info("publisher is shut out", publisher=gate.card.name)

    async def _let_in(self, system: Client) -> None:
        """Have every nats-server read the list again; it disconnects whoever is not on it any more."""
        cards = [gate.card for gate in self._gates.values()]
        write_users(self._files.users, self._files.platform_users.read_text(), outside_users(cards))
        servers = await reload_everywhere(system)
        log.info("users are read", publishers=sorted(self._gates), servers=servers)
