"""The embedded nats-server: its binary, one nkey for each process, and its configuration."""

import os
import shutil
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import nkeys

from contracts.errors import Misconfigured
from contracts.permissions import inbox
from infra.bus.door import DOOR_SYSTEM, DoorFiles
from infra.bus.users import platform_users, write_users
from infra.local.layout import Home

_CONFIGURATION = """\
# Written by `trackside up`; changes are lost.
listen: "{listen}"
server_name: {name}
max_payload: 8MB
jetstream {{
  store_dir: "{store}"
  # Every acknowledged message is on the disk, even if the power fails.
  sync_interval: always
  max_memory_store: 64MB
  max_file_store: {max_file_store}
}}
system_account: SYS
accounts {{
  # What the door may do there is to have this file read again, when a publisher is let in or out.
  SYS {{ users: [ {{ nkey: "{system}", permissions: {{
    publish: {{ allow: ["$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.*.RELOAD"] }}
    subscribe: {{ allow: ["{inbox}.>"] }}
  }} }} ] }}
}}
authorization {{ include "{users}" }}
"""


def binary() -> Path:
    """Return the nats-server to run: the one installed beside this Python, or one on the path.

    Raises:
        Misconfigured: if there is none.
    """
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = beside if beside.is_file() else shutil.which("nats-server")
    if found is None:
        cause = f"No nats-server in {beside.parent} or on the path."
        raise Misconfigured(f"{cause} Install it with: make setup")
    return Path(found)


def nkey(seed_file: Path) -> str:
    """Return the public nkey of the seed in ``seed_file``, which is made if it does not exist yet."""
    if not seed_file.exists():
        _write_secret(seed_file, nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))
    return str(nkeys.from_seed(bytearray(seed_file.read_bytes().strip())).public_key.decode())


def configuration(
    store: Path, listen: str, system: str, users: str, *, name: str = "trackside", max_file_store: str = "20GB"
) -> str:
    """Return the text of a configuration that lets in who is listed in the file ``users``, and nobody else.

    nats-server takes the path of that file as relative to the configuration's own folder, always.
    ``listen`` is host and port; ``system`` is the public nkey of the door on the system account.
    """
    return _CONFIGURATION.format(
        store=store,
        listen=listen,
        system=system,
        users=users,
        name=name,
        inbox=inbox(DOOR_SYSTEM),
        max_file_store=max_file_store,
    )


def configure(home: Home, port: int, processes: Iterable[str]) -> Path:
    """Write nats-server's configuration, and a seed for each of ``processes``; return the configuration's path."""
    door = DoorFiles(home.door)
    listed = platform_users({process: nkey(home.seed(process)) for process in processes})
    door.platform_users.write_text(listed)
    write_users(door.users, listed)
    path = home.nats / "nats.conf"
    path.write_text(
        configuration(home.streams, f"127.0.0.1:{port}", nkey(door.system_seed), os.path.relpath(door.users, home.nats))
    )
    return path


def _write_secret(path: Path, secret: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    unfinished = path.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    unfinished.replace(path)
