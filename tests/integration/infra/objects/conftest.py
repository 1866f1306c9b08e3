"""The three stores behind the port, the last a real S3 server in a process of its own."""

import shutil
import socket
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from infra.objects import Objects
from infra.objects.buckets import ensure_bucket
from infra.objects.s3 import S3Access
from infra.objects.store import open_objects


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Access]:
    """A SeaweedFS server that knows one key."""
    folder = tmp_path_factory.mktemp("weed")
    access = S3Access("", "trackside-key", SecretStr("a-secret-of-the-tests"))
    with (folder / "log").open("wb") as log:
        command, port = _weed(folder)
        environment = {"AWS_ACCESS_KEY_ID": access.key_id, "AWS_SECRET_ACCESS_KEY": access.secret.get_secret_value()}
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment)
    try:
        _await_health(server, port, folder / "log")
        yield S3Access(f"http://127.0.0.1:{port}", access.key_id, access.secret)
    finally:
        server.kill()  # it would take up to half a minute to leave by itself
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["folder", "memory", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    if request.param == "folder":
        return open_objects(f"file://{tmp_path}/objects")
    if request.param == "memory":
        return open_objects("memory://")
    access: S3Access = request.getfixturevalue("s3")
    url = f"s3://bucket-{uuid4().hex[:12]}"
    ensure_bucket(url, access)
    return open_objects(url, access)


def _weed(folder: Path) -> tuple[list[str], int]:
    names = ("s3", "master", "filer", "volume", "admin", "webdav")
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    weed = str(Path(sysconfig.get_path("scripts")) / "weed")
    options = [f"-{name}.port={port}" for name, port in ports.items()]
    command = [weed, "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-disableHttp=true", *options]
    return [*command, "-s3.port.iceberg=0", "-s3.port.lance=0"], ports["s3"]


def _free_ports(count: int) -> list[int]:
    """Ports that are free together with the ones 10,000 above, where the server opens its gRPC doors."""
    found: list[int] = []
    for low in range(20_000 + uuid4().int % 25_000, 55_000):
        if len(found) == count:
            break
        if all(_free(port) for port in (low, low + 10_000)):
            found.append(low)
    return found


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _await_health(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)  # asking again, not hoping: the server has no other way to say that it is ready
    pytest.fail(f"weed mini did not start:\n{log.read_text()[-2000:]}")
