"""Several nats-servers as one, with the configuration that a platform of containers gets."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from infra.local.nats import binary
from infra.local.ports import settled
from tests.builders.asking import until
from tests.builders.nats import brought_here
from tests.builders.platform import inherited


class Cluster:
    """The servers ``nats``, ``nats-2`` and so on, each a process with ports and streams of its own."""

    def __init__(self, secrets: Path, size: int, *, streams: bool = True) -> None:
        """``secrets`` is what was made for all containers; a cluster without ``streams`` needs no third server."""
        self.names = ("nats", "nats-2", "nats-3")[:size]
        self._secrets = secrets
        self._streams = streams
        links = [f"{name} cluster" for name in self.names]
        self._ports = settled([*self.names, *links], secrets.parent / "cluster-ports.json")
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def urls(self) -> list[str]:
        """Return where each server is, or will be."""
        return [f"tls://127.0.0.1:{self._ports[name]}" for name in self.names]

    def start(self, *names: str) -> None:
        """Start some of the servers; all, and wait until each knows another, if none is named."""
        for name in names or self.names:
            command = [str(binary()), "-c", str(self._configured(name)), "-l", str(self._log(name))]
            self._running[name] = subprocess.Popen(command, env={**inherited(), "NATS_NAME": name})
        if not names:
            until(lambda: all(_is_joined(self._log(name)) for name in self.names))

    def kill(self) -> None:
        """End all of them as a power cut would."""
        for server in self._running.values():
            server.kill()
            server.wait()

    def _log(self, name: str) -> Path:
        return self._secrets.parent / f"{name}.log"

    def _configured(self, name: str) -> Path:
        original = self._secrets / "nats" / "cluster.conf"
        before = original.read_text()
        text = brought_here(self._secrets, original.name, f"127.0.0.1:{self._ports[name]}").read_text()
        original.write_text(before)
        text = text.replace("0.0.0.0:6222", f"127.0.0.1:{self._ports[f'{name} cluster']}")
        text = text.replace(f'"{self._secrets.parent / "data"}"', f'"{self._secrets.parent / "data" / name}"')
        text = _routed(text, [f'"nats://127.0.0.1:{self._ports[f"{other} cluster"]}"' for other in self.names])
        if not self._streams:
            text = text[: text.index("jetstream {")] + text[text.index("system_account") :]
        path = original.with_name(f"{name}.conf")
        path.write_text(text)
        return path


def _routed(text: str, routes: Sequence[str]) -> str:
    before, _, rest = text.partition("routes: [")
    return f"{before}routes: [{', '.join(routes)}]{rest.partition(']')[2]}"


def _is_joined(log: Path) -> bool:
    return log.exists() and "Route connection created" in log.read_text()
