"""The services of docker-compose.yml, run by testcontainers as that file says: there is one truth about a container."""

import re
import shlex
import tarfile
import time
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import docker
import yaml
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network

_FILE = Path(__file__).parents[2] / "docker-compose.yml"
_VARIABLE = re.compile(r"\$\{(\w+):?-([^}]*)\}")
_SECOND = 1_000_000_000


class Composed:
    """A run of the file, with a network and volumes of its own."""

    def __init__(self, variables: Mapping[str, str], published: Mapping[str, int]) -> None:
        """Set the file's ``variables``; ``published`` says at which port of loopback a service is reached."""
        # Its image would have to be pulled; `remove` takes everything away.
        testcontainers_config.ryuk_disabled = True
        text = _VARIABLE.sub(lambda found: variables.get(found[1], found[2]), _FILE.read_text())
        self._services: dict[str, Any] = yaml.safe_load(text)["services"]
        self._published = published
        self._run = f"trackside-{uuid4().hex[:8]}"
        self._network = Network().create()
        self._containers: dict[str, DockerContainer] = {}
        self._engine = docker.from_env()

    def start(self, *names: str) -> None:
        """Start services, without waiting for them."""
        for name in names:
            self._containers[name] = self._container(name, self._services[name])
            self._containers[name].start()

    def finish(self, name: str, seconds: float = 120.0) -> None:
        """Run a service that ends by itself; fail, with its last words, if it ends otherwise than well."""
        self.start(name)
        result = self._containers[name].get_wrapped_container().wait(timeout=seconds)
        assert result["StatusCode"] == 0, self.words(name)

    def said(self, name: str, *words: str, seconds: float = 120.0) -> str:
        """Run a service that ends by itself with other words for its program, and return what it printed."""
        container = self._container(name, {**self._services[name], "command": list(words)})
        self._containers[f"{name} {' '.join(words)}"] = container
        container.start()
        ran = container.get_wrapped_container()
        result = ran.wait(timeout=seconds)
        assert result["StatusCode"] == 0, ran.logs(tail=40).decode()
        return str(ran.logs(stderr=False).decode())

    def until_healthy(self, *names: str, seconds: float = 180.0) -> None:
        """Wait until services say that they are well; fail, with a service's last words, if one does not."""
        limit = time.monotonic() + seconds
        for name in names:
            while (state := self._state(name)) != "healthy":
                assert state == "starting", f"{name} is {state}: {self.words(name)}"
                assert time.monotonic() < limit, f"{name} is not well in time: {self.words(name)}"
                time.sleep(0.2)

    def secret(self, reader: str, name: str) -> str:
        """Return a secret that was made for ``reader``, as only who owns the engine can."""
        made = self._containers["secrets"].get_wrapped_container()
        pieces, _ = made.get_archive(f"/run/secrets/{reader}/{name}")
        with tarfile.open(fileobj=BytesIO(b"".join(pieces))) as archive:
            file = archive.extractfile(name)
            assert file is not None
            return file.read().decode()

    def words(self, name: str) -> str:
        """Return the end of what a service wrote."""
        return str(self._containers[name].get_wrapped_container().logs(tail=40).decode())

    def remove(self) -> None:
        """Take everything away."""
        for container in reversed(self._containers.values()):
            container.stop()
        self._network.remove()
        for volume in self._engine.volumes.list(filters={"name": f"{self._run}-"}):
            volume.remove(force=True)
        self._engine.close()

    def _state(self, name: str) -> str:
        container = self._containers[name].get_wrapped_container()
        container.reload()
        state = container.attrs["State"]
        return str(state["Health"]["Status"] if state["Running"] else f"ended, with {state['ExitCode']}")

    def _container(self, name: str, service: Mapping[str, Any]) -> DockerContainer:
        isolated = service.get("network_mode") == "none"
        container = DockerContainer(service["image"]).with_command(_words(service.get("command", [])))
        container.with_envs(**{key: str(value) for key, value in service.get("environment", {}).items()})
        if not isolated:
            container.with_network(self._network).with_network_aliases(name)
        for volume in service.get("volumes", ()):
            source, target, mode = (*volume.split(":"), "rw")[:3]
            container.with_volume_mapping(f"{self._run}-{source}", target, mode)
        if name in self._published:
            inside = service["ports"][0].rpartition(":")[2]
            container.ports[f"{inside}/tcp"] = ("127.0.0.1", self._published[name])  # type: ignore[assignment]
        container.with_kwargs(
            **{key: service[key] for key in ("cap_drop", "security_opt", "read_only", "init") if key in service},
            mem_limit=service["deploy"]["resources"]["limits"]["memory"],
            **({"network_mode": "none"} if isolated else {}),
            **({"entrypoint": service["entrypoint"]} if "entrypoint" in service else {}),
            **({"healthcheck": _health(service["healthcheck"])} if "test" in service.get("healthcheck", ()) else {}),
        )
        container.tmpfs = dict((*mount.split(":", 1), "")[:2] for mount in service.get("tmpfs", ()))
        return container


def _words(command: str | list[str]) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else command


def _health(check: Mapping[str, Any]) -> dict[str, Any]:
    seconds = {key: int(check[key].removesuffix("s")) * _SECOND for key in ("interval", "timeout", "start_period")}
    return {"test": check["test"], "retries": check.get("retries", 3), **seconds}
