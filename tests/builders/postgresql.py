"""A real PostgreSQL server on a free port: Debian's, started on an empty folder."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.builders.asking import until

PASSWORD = "the-owner-s-password"
_BINARIES = "/usr/lib/postgresql"


@dataclass(frozen=True)
class PostgresqlServer:
    """A server, known by its port."""

    port: int

    @property
    def url(self) -> str:
        """Return its address, as a source is told it."""
        return f"postgresql://127.0.0.1:{self.port}/postgres"

    def run(self, *statements: str) -> None:
        """Run statements as the owner, each for itself."""
        with self.connected() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def connected(self) -> "psycopg.Connection[tuple[object, ...]]":
        """Return a connection of the owner's."""
        address = f"postgresql://owner:{PASSWORD}@127.0.0.1:{self.port}/postgres"
        return psycopg.connect(address, autocommit=True)


@contextmanager
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Run a server while the block runs, in a folder that goes afterwards."""
    # Not below pytest's folder, which only root may enter: the server does not run as root.
    with tempfile.TemporaryDirectory(prefix="trackside-postgresql-") as place, _running(Path(place)) as server:
        yield server


@contextmanager
def _running(folder: Path) -> Iterator[PostgresqlServer]:
    as_user = _handed_over(folder)
    password = folder / "password"
    password.write_text(PASSWORD)
    data, found = folder / "data", PostgresqlServer(_free_port())
    subprocess.run(
        [*as_user, _binary("initdb"), f"--pgdata={data}", "--username=owner", f"--pwfile={password}", "--no-sync",
         "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    with (folder / "postgresql.log").open("wb") as log:
        server = subprocess.Popen(
            [*as_user, _binary("postgres"), "-D", data, "-p", str(found.port), "-c", "listen_addresses=127.0.0.1",
             "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "shared_buffers=32MB"],
            stdout=log, stderr=log, cwd=folder,
        )  # fmt: skip
    try:
        until(lambda: _answers(found))
        yield found
    finally:
        server.send_signal(signal.SIGINT)  # asked politely, it would wait for whoever is connected
        server.wait()


def _handed_over(folder: Path) -> list[str]:
    """Give the folder to a user that the server agrees to run as; return what runs a command as that user."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def _binary(name: str) -> str:
    found = sorted(Path(_BINARIES).glob(f"*/bin/{name}"))
    if not found and (on_path := shutil.which(name)):
        return on_path
    if not found:
        pytest.fail("missing: PostgreSQL's server; on Debian: sudo apt-get install -y postgresql")
    return str(found[-1])


def _answers(server: PostgresqlServer) -> bool:
    try:
        server.connected().close()
    except psycopg.OperationalError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
