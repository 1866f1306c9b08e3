import asyncio
import stat
from pathlib import Path

import nats
import pytest
from nats.errors import Error
from nats.js.errors import NotFoundError

from contracts.permissions import inbox
from contracts.streams import EVENTS
from infra.local.child import Process, spawn, stop
from infra.local.layout import Home
from infra.local.nats import configure, nkey
from infra.local.ports import settled
from infra.local.processes import SERVERS, Addresses, nats_server


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    return home


async def test_only_a_process_with_a_key_of_its_own_gets_in(home: Home) -> None:
    addresses = Addresses(settled(SERVERS, home.run / "ports.json"))
    configure(home, addresses.ports["nats"], ["ingest"])
    server = nats_server(home, addresses)
    child = await spawn(server, home.log("nats"), home.run, home.scratch)
    try:
        await _until_ready(server)
        client = await nats.connect(addresses.nats, nkeys_seed=str(home.seed("ingest")), inbox_prefix=inbox("ingest"))
        with pytest.raises(NotFoundError):
            await client.jetstream().stream_info(EVENTS)
        await client.close()
        nkey(home.seed("stranger"))
        for seed in (None, str(home.seed("stranger"))):
            with pytest.raises(Error, match="Authorization Violation"):
                await nats.connect(addresses.nats, nkeys_seed=seed, allow_reconnect=False)
    finally:
        await stop(child, grace=5)
    assert child.returncode is not None


def test_a_seed_is_kept_and_is_for_its_owner_only(home: Home) -> None:
    first = nkey(home.seed("ingest"))
    assert nkey(home.seed("ingest")) == first
    assert first.startswith("U")
    assert stat.S_IMODE(home.seed("ingest").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700


def test_ports_stay_the_same_from_one_start_to_the_next(home: Home) -> None:
    remembered = home.run / "ports.json"
    first = settled(SERVERS, remembered)
    assert settled(SERVERS, remembered) == first
    assert len(set(first.values())) == len(SERVERS)


async def _until_ready(process: Process) -> None:
    async with asyncio.timeout(10):
        while not await process.ready():
            pass
