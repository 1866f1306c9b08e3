"""Makes the secrets of a platform of containers: ``python -m infra.containers.secrets FOLDER [NAME ...]``.

``FOLDER`` gets a folder for each container, which is all that this container is given to see. Each ``NAME`` is a
further host name or address by which nats-server is reached. A second call changes no secret; it writes anew what
follows from the contracts of this release, such as nats-server's users, and the server's certificate before it ends.
"""

import argparse
import json
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from contracts.asked import PREFIX as ASKED
from contracts.catalog import HEARS
from contracts.streams import DOOR
from infra.bus.door import DoorFiles
from infra.bus.users import platform_users, write_users
from infra.clock import utc_now
from infra.containers.certificates import Authority
from infra.history.archive import PREFIX as ARCHIVE
from infra.local.issuer.clients import COMMAND_LINE, PAGE, clients_of
from infra.local.nats import configuration, nkey


def _on(bucket: str, rights: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{right}:{bucket}" for right in rights)


STATEFUL = tuple(role for role in HEARS if role != "training-worker")
"""Who has a database."""
ON_BUS = (*HEARS, "ui", "provisioner", "cli", "outside")
"""Who has a key to the bus."""
_READS, _WRITES = ("Read", "List"), ("Read", "List", "Write", "Tagging")
STORE_RIGHTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "provisioner": ("Admin", *_WRITES),
        **dict.fromkeys(("ingest", "training", "training-worker", "ui", "cli"), _on("trackside", _WRITES)),
        "training-recorder": _on("trackside", _READS),
        "serving": (*_on("trackside", _READS), *_on(f"trackside/{ASKED}/*", _WRITES)),
        "evaluation": (*_on(f"trackside/{ARCHIVE}/*", _READS), *_on("trackside/predictions/*", _READS)),
        "scheduler": _on(f"trackside/{ARCHIVE}/*", _READS),
        "mlflow": _on("mlflow", _WRITES),
    }
)
"""What each may do in the object store, in the words of SeaweedFS."""

_STREAMS, _LISTEN = Path("/data"), "0.0.0.0:4222"
_NAME = "$NATS_NAME"  # a variable of nats-server's process: by flag, it would be forgotten when users are read again
_SERVERS = ("nats", "nats-2", "nats-3")
# nats-server takes the paths of certificates as relative to where it was started: so they are whole, as it sees them.
_TLS = """\
tls { cert_file: "/run/nats/server.pem", key_file: "/run/nats/server-key.pem", min_version: "1.3", timeout: 5 }
"""
_CLUSTER = """\
cluster {
  name: trackside
  listen: "0.0.0.0:6222"
  routes: ["nats://nats:6222", "nats://nats-2:6222", "nats://nats-3:6222"]
  tls {
    cert_file: "/run/nats/server.pem", key_file: "/run/nats/server-key.pem"
    ca_file: "/run/nats/nats_ca.pem", verify: true, timeout: 5
  }
}
"""
_OURS, _ANYONE = 0o600, 0o644  # a container of others runs as a user that we do not know, and sees its own folder only


def make_secrets(
    root: Path, names: Sequence[str] = (), postgresql: str = "postgresql:5432", *, one_store_key: bool = False
) -> None:
    """Make every secret below ``root`` that is not there yet.

    ``names`` are further ones by which nats-server is reached; ``postgresql`` is where the databases will be; with
    ``one_store_key`` all use the key of the object store's owner, for a store that takes no list of users.
    """
    make = Maker(root)
    make.bus()
    make.certificates((*_SERVERS, "localhost", "127.0.0.1", *names), utc_now())
    make.databases(postgresql)
    make.store(one_key=one_store_key)
    make.clients()


class Maker:
    """The secrets below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def bus(self) -> None:
        """Make a key for everybody on the bus, and tell nats-server who may do what."""
        door = DoorFiles(self._folder("door"))
        seeds = {name: self._folder(name) / "nats_seed" for name in ON_BUS} | {DOOR: door.seed}
        listed = platform_users({name: nkey(seed) for name, seed in seeds.items()})
        if not door.platform_users.exists() or door.platform_users.read_text() != listed:
            # Otherwise the list stays as it is: the door may have added publishers to it.
            self._write("door", door.platform_users.name, listed, _ANYONE)
            write_users(door.users, listed)
        users = f"../door/{door.users.name}"
        text = configuration(_STREAMS, _LISTEN, nkey(door.system_seed), users, name=_NAME) + _TLS
        self._write("nats", "nats.conf", text, _ANYONE)
        self._write("nats", "cluster.conf", text + _CLUSTER, _ANYONE)

    def certificates(self, names: Sequence[str], now: datetime) -> None:
        """Make an authority, have it sign nats-server's certificate, and show its own to everybody on the bus."""
        folder = self._folder("authority")
        authority = Authority.kept(folder / "ca.pem", folder / "ca-key.pem", now)
        server = self._folder("nats") / "server.pem"
        if not server.exists() or not authority.is_good(server.read_bytes(), names, now):
            signed = authority.sign(names, now)
            self._write("nats", "server-key.pem", signed.key.decode(), _ANYONE)
            self._write("nats", server.name, signed.certificate.decode(), _ANYONE)
        for reader, mode in {**dict.fromkeys(ON_BUS, _OURS), "nats": _ANYONE}.items():
            self._write(reader, "nats_ca.pem", authority.signed.certificate.decode(), mode)

    def databases(self, address: str) -> None:
        """Make a database for each service, which no other can read, and one for MLflow."""
        self._kept("postgresql", "password", _ANYONE)
        names = (*STATEFUL, "mlflow")
        passwords = {name: self._kept("postgresql", f"{name}.password", _OURS) for name in names}
        self._write("postgresql", "databases.sql", "".join(map(_database, names, passwords.values())), _ANYONE)
        for name in STATEFUL:
            database = _database_name(name)
            url = f"postgresql+psycopg://{database}:{passwords[name]}@{address}/{database}"
            self._write(name, f"{database}_state_url", url, _OURS)
        host, _, port = address.partition(":")
        self._write("mlflow", "pgpass", f"{host}:{port}:mlflow:mlflow:{passwords['mlflow']}\n", _OURS)

    def store(self, *, one_key: bool) -> None:
        """Make the credentials of the object store: its owner's, and one for each of the others."""
        owner = (self._kept("objects", "key_id", _ANYONE), self._kept("objects", "secret", _ANYONE))
        keys = {
            name: owner
            if one_key or name == "provisioner"
            else (f"trackside-{name}", self._kept("objects", f"{name}.secret", _OURS))
            for name in STORE_RIGHTS
        }
        users = [_store_user(name, key, STORE_RIGHTS[name]) for name, key in keys.items() if key != owner]
        users.append(_store_user("trackside", owner, STORE_RIGHTS["provisioner"]))
        self._write("objects", "seaweedfs.json", json.dumps({"identities": users}), _ANYONE)
        key_id, secret = keys.pop("mlflow")
        credentials = f"[default]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n"
        self._write("mlflow", "aws", credentials, _OURS)
        for name, (key_id, secret) in keys.items():
            prefix = "trackside" if name == "cli" else _database_name(name)
            self._write(name, f"{prefix}_s3_key_id", key_id, _OURS)
            self._write(name, f"{prefix}_s3_secret", secret, _OURS)

    def clients(self) -> None:
        """Make the clients of the built-in issuer, and tell the page and the command line who they are to it."""
        clients = clients_of(self._folder("issuer"))
        self._write("ui", "ui_client_secret", clients[PAGE].secret, _OURS)
        self._kept("grafana", "admin_password", _ANYONE)
        self._write("cli", "trackside_client_secret", clients[COMMAND_LINE].secret, _OURS)

    def _kept(self, reader: str, name: str, mode: int) -> str:
        path = self._folder(reader) / name
        if not path.exists():
            self._write(reader, name, secrets.token_urlsafe(24), mode)
        return path.read_text()

    def _write(self, reader: str, name: str, text: str, mode: int) -> None:
        path = self._folder(reader) / name
        unfinished = path.with_name(f"{name}.new")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
            file.write(text)
        unfinished.chmod(mode)
        unfinished.replace(path)

    def _folder(self, reader: str) -> Path:
        folder = self._root / reader
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _store_user(name: str, key: tuple[str, str], rights: Sequence[str]) -> dict[str, object]:
    key_id, secret = key
    return {"name": name, "credentials": [{"accessKey": key_id, "secretKey": secret}], "actions": list(rights)}


def _database_name(role: str) -> str:
    return role.replace("-", "_")


def _database(role: str, password: str) -> str:
    name = _database_name(role)
    return f"CREATE ROLE {name} LOGIN PASSWORD '{password}';\nCREATE DATABASE {name} OWNER {name};\n"


def main() -> None:
    """Make the secrets that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m infra.containers.secrets", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--store-keys", choices=("each", "one"), default="each")
    options = parser.parse_args()
    names = [name for name in options.names if name]
    make_secrets(options.folder, names, one_store_key=options.store_keys == "one")


if __name__ == "__main__":
    main()
