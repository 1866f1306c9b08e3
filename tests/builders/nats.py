"""A real nats-server, which can be killed and come back."""

import json
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from tests.builders.asking import until


@dataclass
class NatsServer:
    """A nats-server process with JetStream on a port of its own, which can be killed and come back."""

    folder: Path
    port: int = -1
    process: subprocess.Popen[bytes] | None = None
    sync_always: bool = False
    """Whether every message is on the disk before it is acknowledged, as on the embedded platform."""

    store: Path | None = None
    """Where its streams lie, if not in ``folder``."""

    limits: str = ""
    """Lines of its configuration that say how much it may hold."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it listens; a second start takes the first one's port and store."""
        configuration = self.folder / "nats.conf"
        sync = "sync_interval: always" if self.sync_always else ""
        store = f'store_dir: "{self.store or self.folder / "store"}"'
        # Line by line: nats-server reads no empty statement between two semicolons.
        configuration.write_text("\n".join(("jetstream {", store, sync, self.limits, "}")))
        binary = Path(sysconfig.get_path("scripts")) / "nats-server"
        self.process = subprocess.Popen(
            [
                str(binary), "-a", "127.0.0.1", "-p", str(self.port), "-c", str(configuration),
                "--ports_file_dir", str(self.folder), "-l", str(self.folder / "nats.log"),
            ],
        )  # fmt: skip
        ports = self.folder / f"nats-server_{self.process.pid}.ports"
        until(lambda: ports.exists() and ports.read_text() != "")
        address: str = json.loads(ports.read_text())["nats"][0]
        self.port = int(address.rpartition(":")[2])

    def stop(self) -> None:
        """End it in order."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


def brought_here(secrets: Path, name: str, listen: str = "127.0.0.1:-1") -> Path:
    """Rewrite a container's configuration of nats-server to run on this machine; return its path.

    ``secrets`` is what was made for all containers, ``name`` the configuration's file name.
    """
    path = secrets / "nats" / name
    text = path.read_text().replace("0.0.0.0:4222", listen).replace("/run/nats/", f"{secrets}/nats/")
    path.write_text(text.replace('"/data"', f'"{secrets.parent / "data"}"'))
    return path
