"""The bus off loopback, with the very configuration that a platform of containers gets."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contracts.errors import Misconfigured
from contracts.streams import EVENTS
from infra.bus.broker import build_broker
from infra.bus.connection import Complaints, connect
from infra.bus.streams import provision
from infra.bus.tls import trusting
from infra.local.nats import binary
from infra.local.ports import settled
from infra.settings import ProcessSettings
from tests.builders.asking import until
from tests.builders.nats import brought_here
from tests.builders.platform import inherited


@contextmanager
def served(secrets: Path, tmp_path: Path, host: str = "127.0.0.1") -> Iterator[int]:
    """Run nats-server as in its container, but on this machine; yield its port."""
    port = settled(["nats"], tmp_path / "ports.json")["nats"]
    configuration = brought_here(secrets, "nats.conf", f"{host}:{port}")
    log = tmp_path / "nats.log"
    command = [str(binary()), "-c", str(configuration), "-l", str(log)]
    with subprocess.Popen(command, env={**inherited(), "NATS_NAME": "nats"}) as server:
        try:
            until(lambda: server.poll() is not None or (log.exists() and "Server is ready" in log.read_text()))
            assert server.poll() is None
            yield port
        finally:
            server.kill()


async def test_a_process_with_the_authoritys_certificate_gets_in(secrets: Path, tmp_path: Path) -> None:
    with served(secrets, tmp_path) as port:
        url = f"tls://127.0.0.1:{port}"
        await provision(url, secrets / "provisioner/nats_seed", ca_file=secrets / "provisioner/nats_ca.pem")
        client = await connect(
            url, secrets / "cli/nats_seed", name="cli", ca_file=secrets / "cli/nats_ca.pem", patience=5
        )
        assert (await client.jetstream().stream_info(EVENTS)).config.name == EVENTS
        await client.close()


async def test_a_service_gets_in_too(secrets: Path, tmp_path: Path) -> None:
    with served(secrets, tmp_path) as port:
        settings = ProcessSettings(
            nats_url=f"tls://localhost:{port}",
            nats_seed_file=secrets / "evaluation/nats_seed",
            nats_ca_file=secrets / "evaluation/nats_ca.pem",
            process="evaluation",
        )
        broker = build_broker(settings, asyncio.Event(), Complaints())
        async with asyncio.timeout(5):
            client = await broker.connect()
        assert client.is_connected
        await broker.stop()


async def test_without_the_authority_the_server_is_not_believed(secrets: Path, tmp_path: Path) -> None:
    with served(secrets, tmp_path) as port, pytest.raises(Misconfigured, match="not to be believed"):
        await connect(f"tls://127.0.0.1:{port}", secrets / "cli/nats_seed", name="cli", patience=1)


async def test_a_server_by_another_name_is_not_believed(secrets: Path, tmp_path: Path) -> None:
    ca_file = secrets / "cli/nats_ca.pem"
    with (
        served(secrets, tmp_path, "127.0.0.2") as port,
        pytest.raises(Misconfigured, match=r"not valid for '127.0.0.2'"),
    ):
        await connect(f"tls://127.0.0.2:{port}", secrets / "cli/nats_seed", name="cli", ca_file=ca_file, patience=1)


async def test_nobody_gets_in_in_the_clear(secrets: Path, tmp_path: Path) -> None:
    """A client that does not speak TLS is sent away before it shows anything."""
    with served(secrets, tmp_path) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
        writer.write(b'CONNECT {"verbose":true}\r\nPING\r\n')
        rest = await reader.read()
        writer.close()
    assert b"PONG" not in rest


def test_a_file_that_is_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("hello")
    with pytest.raises(Misconfigured, match=r"ca\.pem is not the certificate of an authority"):
        trusting(tmp_path / "ca.pem")
