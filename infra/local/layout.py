"""The one folder that holds everything the embedded platform writes."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import Misconfigured

_LONGEST_SOCKET = 107


@dataclass(frozen=True)
class Home:
    """Where each kind of file lives below ``root``; nothing else on the machine is touched."""

    root: Path

    @property
    def keys(self) -> Path:
        """Return the folder of nkey seeds and the issuer's keys, for the owner's eyes only."""
        return self.root / "keys"

    @property
    def door(self) -> Path:
        """Return the folder of nats-server's users and of the keys of who lets them in: that of all keys."""
        return self.keys

    @property
    def issuer(self) -> Path:
        """Return the folder of the built-in issuer's signing key and clients."""
        return self.keys / "issuer"

    @property
    def sources(self) -> Path:
        """Return the folder of the credentials that ingest reads sources with."""
        return self.keys / "sources"

    @property
    def nats(self) -> Path:
        """Return the folder of nats-server's configuration and its streams."""
        return self.root / "nats"

    @property
    def streams(self) -> Path:
        """Return the folder of nats-server's streams."""
        return self.nats / "streams"

    @property
    def state(self) -> Path:
        """Return the folder of each service's own state."""
        return self.root / "state"

    @property
    def objects(self) -> Path:
        """Return the object store."""
        return self.root / "objects"

    @property
    def mlflow(self) -> Path:
        """Return the folder of MLflow's database and artifacts."""
        return self.root / "mlflow"

    @property
    def logs(self) -> Path:
        """Return the folder with one log for each process."""
        return self.root / "logs"

    @property
    def traces(self) -> Path:
        """Return the folder that each process appends its spans to."""
        return self.root / "traces"

    @property
    def run(self) -> Path:
        """Return the folder of what is true only while the platform runs: lock, sockets, addresses."""
        return self.root / "run"

    @property
    def platform_file(self) -> Path:
        """Return the file that says where the running platform answers."""
        return self.run / "platform.json"

    @property
    def warm_socket(self) -> Path:
        """Return the socket of the warm fork server."""
        return self.run / "warm.sock"

    @property
    def cache(self) -> Path:
        """Return the folder of what can be fetched again."""
        return self.root / "cache"

    @property
    def scratch(self) -> Path:
        """Return the folder of temporary files; what a killed process left there is removed at the next start."""
        return self.run / "scratch"

    @property
    def kept(self) -> tuple[Path, ...]:
        """Return the folders of what cannot be made anew."""
        return (self.keys, self.streams, self.state, self.objects, self.mlflow, self.traces)

    def seed(self, process: str) -> Path:
        """Return the file with the nkey seed of ``process``."""
        return self.keys / f"{process}.nk"

    def log(self, process: str) -> Path:
        """Return the log of ``process``."""
        return self.logs / f"{process}.log"

    def create(self) -> None:
        """Make every folder, closed to other users; a root that is there already keeps its own mode.

        Raises:
            Misconfigured: if the folder cannot be used.
        """
        if len(os.fsencode(self.warm_socket)) > _LONGEST_SOCKET:
            raise Misconfigured(f"TRACKSIDE_HOME is too long for a socket in it: {self.root}; name a shorter folder")
        try:
            self._create()
        except OSError as error:
            raise Misconfigured(
                f"TRACKSIDE_HOME cannot be used: {error}; name a folder that you may write to"
            ) from None

    def empty_scratch(self) -> None:
        """Remove the temporary files of processes that were killed; only while nothing runs here."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(mode=0o700)

    def _create(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.nats, self.state, self.objects, self.mlflow, self.logs, self.traces):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.keys, self.issuer, self.sources, self.run, self.scratch):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
