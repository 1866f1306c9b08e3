"""Two servers of a cluster, with the configuration that a platform of containers gets."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from contracts.errors import Misconfigured
from infra.bus.connection import connect
from infra.bus.door import DOOR_SYSTEM, DoorFiles
from infra.bus.reload import reload_everywhere
from infra.bus.users import platform_users, write_users
from infra.containers.secrets import make_secrets
from infra.local.nats import binary, nkey
from infra.local.ports import settled
from tests.builders.asking import until
from tests.builders.nats import brought_here
from tests.builders.platform import inherited

NAMES = ("nats", "nats-2")


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    make_secrets(tmp_path / "secrets")
    return tmp_path / "secrets"


@pytest.fixture
def ports(secrets: Path, tmp_path: Path) -> Iterator[dict[str, int]]:
    """Run both servers; yield the port of each for clients."""
    ports = settled([*NAMES, *(f"{name} cluster" for name in NAMES)], tmp_path / "ports.json")
    with ExitStack() as running:
        for name in NAMES:
            log = tmp_path / f"{name}.log"
            command = [str(binary()), "-c", str(_configured(secrets, name, ports)), "-l", str(log)]
            server = running.enter_context(subprocess.Popen(command, env={**inherited(), "NATS_NAME": name}))
            running.callback(server.kill)
        until(lambda: all(_is_joined(tmp_path / f"{name}.log") for name in NAMES))
        yield ports


def _is_joined(log: Path) -> bool:
    return log.exists() and "Route connection created" in log.read_text()


def _configured(secrets: Path, name: str, ports: dict[str, int]) -> Path:
    """Write what one server reads: the cluster's configuration without its streams, which need a third server."""
    original = secrets / "nats" / "cluster.conf"
    before = original.read_text()
    text = brought_here(secrets, original.name, f"127.0.0.1:{ports[name]}").read_text()
    original.write_text(before)
    for other in NAMES:
        text = text.replace(f"nats://{other}:6222", f"nats://127.0.0.1:{ports[f'{other} cluster']}")
    text = text.replace(', "nats://nats-3:6222"', "").replace("0.0.0.0:6222", f"127.0.0.1:{ports[f'{name} cluster']}")
    path = secrets / "nats" / f"{name}.conf"
    path.write_text(text[: text.index("jetstream {")] + text[text.index("system_account") :])
    return path


async def test_whoever_is_shut_out_is_disconnected_from_each_server(secrets: Path, ports: dict[str, int]) -> None:
    door, ca_file = DoorFiles(secrets / "door"), secrets / "cli/nats_ca.pem"
    urls = [f"tls://127.0.0.1:{ports[name]}" for name in NAMES]
    system = await connect(urls[0], door.system_seed, name=DOOR_SYSTEM, ca_file=ca_file, patience=5)
    seed = secrets / "guest.nk"

    write_users(door.users, door.platform_users.read_text(), platform_users({"outside": nkey(seed)}))
    assert await reload_everywhere(system) == 2
    news: asyncio.Queue[str] = asyncio.Queue()
    guests = [
        await connect(url, seed, name="outside", ca_file=ca_file, patience=5, on_link=news.put_nowait) for url in urls
    ]

    write_users(door.users, door.platform_users.read_text())
    assert await reload_everywhere(system) == 2
    async with asyncio.timeout(5):
        assert [await news.get() for _ in guests] == ["away", "away"]
    both = ",".join(["tls://127.0.0.1:1", urls[1]])
    await (await connect(both, door.system_seed, name=DOOR_SYSTEM, ca_file=ca_file, patience=5)).close()
    for url in urls:
        with pytest.raises(Misconfigured, match="refuses the key"):
            await connect(url, seed, name="outside", ca_file=ca_file, patience=1)
    for client in (*guests, system):
        await client.close()
