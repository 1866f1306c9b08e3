"""A stand-in for Snowflake that its own connector speaks to: fakesnow's server, in an environment of its own.

It needs another DuckDB than ours may be, so it cannot live beside us. The environment is made once on a machine.
"""

import fcntl
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.builders.asking import until

_PACKAGES = (
    "fakesnow[server]==0.12.1", "snowflake-connector-python==4.8.1", "duckdb==2.0.1", "sqlglot==30.22.0",
    "pyarrow==25.0.1", "starlette==1.10.0", "uvicorn==0.54.0",
)  # fmt: skip


@contextmanager
def snowflake_server(folder: Path) -> Iterator[int]:
    """Run a server with no rows while the block runs, and yield its port. It believes every credential."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with (folder / "fakesnow.log").open("wb") as log:
        server = subprocess.Popen(
            [_environment() / "bin" / "fakesnow", "-s", "-p", str(port), "--host", "127.0.0.1"],
            stdout=log, stderr=log, cwd=folder,
        )  # fmt: skip
    try:
        until(lambda: _answers(port))
        yield port
    finally:
        server.terminate()
        server.wait()


def _environment() -> Path:
    place = Path.home() / ".cache" / "trackside-tests"
    place.mkdir(parents=True, exist_ok=True)
    environment = place / "fakesnow-0.12.1-1"
    with (place / "fakesnow.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (environment / "installed").exists():
            uv = Path(sys.executable).with_name("uv")
            subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, environment], check=True)
            there = {**os.environ, "VIRTUAL_ENV": str(environment)}  # noqa: TID251 - the index is configured there
            subprocess.run([uv, "pip", "install", "--quiet", *_PACKAGES], check=True, env=there)
            (environment / "installed").touch()
    return environment


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
