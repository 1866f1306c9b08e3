"""The folder of an embedded platform: its keys, its disk, its lock, and what a killed platform left there."""

import fcntl
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from infra.checkup import Finding, fail, ok, warn
from infra.local.layout import Home
from infra.local.platform import Platform, PlatformNotRunning
from infra.local.ports import is_free

_SCARCE = 2_000_000_000
_LEAST = 200_000_000


@dataclass(frozen=True)
class Leftover:
    """A process of a platform that does not run any more."""

    pid: int
    name: str


@dataclass(frozen=True)
class FolderSeen:
    """What a look at the folder shows."""

    root: Path
    there: bool
    write_error: str | None = None
    free_bytes: int = 0
    open_to_others: tuple[Path, ...] = ()
    """Keys, and folders of keys, that other users of the machine may read."""
    unreadable: tuple[Path, ...] = ()
    """Keys that this user may not read."""
    has_own_key: bool = True
    """Whether the command line's own key is there."""
    locked: bool = False
    """Whether a process holds the folder."""
    stated: bool = False
    """Whether a file says where a platform answers."""
    running: Platform | None = None
    leftovers: tuple[Leftover, ...] = ()
    taken_ports: dict[str, int] = field(default_factory=dict)
    """Servers whose port of last time is held by somebody, while no platform runs."""


def look(home: Home) -> FolderSeen:
    """Look at the folder; nothing in it is changed."""
    if not home.root.is_dir():
        return FolderSeen(home.root, there=False)
    locked = _is_locked(home)
    # Without the lock, a process of the stated id is another's: the kernel has given the number away again.
    running = _running(home) if locked else None
    keys = list(_keys(home))
    at_rest = not locked
    return FolderSeen(
        home.root,
        there=True,
        write_error=_write_error(home.root),
        free_bytes=shutil.disk_usage(home.root).free,
        open_to_others=tuple(path for path in keys if _is_open(path)),
        unreadable=tuple(path for path in keys if not os.access(path, os.R_OK)),
        has_own_key=home.seed("cli").exists(),
        locked=locked,
        stated=home.platform_file.exists(),
        running=running,
        leftovers=tuple(_leftovers(home)) if at_rest else (),
        taken_ports=_taken_ports(home.run / "ports.json") if at_rest else {},
    )


def judge(seen: FolderSeen) -> list[Finding]:
    """Say what is wrong with the folder, and whether a platform runs in it."""
    if not seen.there:
        return [fail("platform", f"There is no folder {seen.root}.", "Run trackside up, or set TRACKSIDE_HOME.")]
    return [_disk(seen), _keys_judged(seen), _platform(seen), *_remains(seen)]


def _disk(seen: FolderSeen) -> Finding:
    free = f"{seen.free_bytes / 1e9:,.1f} GB are free in {seen.root}."
    if seen.write_error:
        return fail("disk", f"{seen.root} cannot be written: {seen.write_error}.", "Make room, or let this user write.")
    if seen.free_bytes < _LEAST:
        return fail("disk", free, "Make room: nats-server and the services stop taking messages when the disk is full.")
    if seen.free_bytes < _SCARCE:
        return warn("disk", free, "Make room before it is full.")
    return ok("disk", free)


def _keys_judged(seen: FolderSeen) -> Finding:
    if seen.unreadable:
        return fail("keys", f"This user may not read {_listed(seen.unreadable)}.", "Run as the user that owns them.")
    if seen.open_to_others:
        cause = f"Other users of this machine may read {_listed(seen.open_to_others)}."
        return fail("keys", cause, f"chmod -R go-rwx {seen.root}/keys")
    if not seen.has_own_key and (seen.running or seen.stated):
        return fail("keys", "The command line's key, keys/cli.nk, is missing.", "Start again: trackside up makes it.")
    return ok("keys", "Only their owner may read the keys.")


def _platform(seen: FolderSeen) -> Finding:
    if seen.running is not None:
        return ok(
            "platform", f"It runs as process {seen.running.pid} since {seen.running.started_at:%Y-%m-%d %H:%M} UTC."
        )
    if seen.locked:
        return warn("platform", "It starts or stops just now.", "Ask again in some seconds.")
    if seen.stated:
        return fail("platform", "It was killed: it left its addresses in run/platform.json.", "Run trackside up.")
    return fail("platform", f"It does not run in {seen.root}.", "Run trackside up, or set TRACKSIDE_HOME.")


def _remains(seen: FolderSeen) -> Iterator[Finding]:
    for left in seen.leftovers:
        cause = f"{left.name} (process {left.pid}) is left from a platform that was killed, and holds its files."
        yield fail("leftovers", cause, f"kill {left.pid}")
    if seen.taken_ports and not seen.leftovers:
        taken = ", ".join(f"{port} of {server}" for server, port in seen.taken_ports.items())
        cause = f"Another program has taken the port {taken}."
        yield warn("ports", cause, "Nothing to do: the next start takes other ports, so that bookmarks lead nowhere.")


def _listed(paths: tuple[Path, ...]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{paths[0]}{more}"


def _running(home: Home) -> Platform | None:
    try:
        return Platform.find(home)
    except PlatformNotRunning:
        return None


def _is_locked(home: Home) -> bool:
    try:
        descriptor = os.open(home.run / "lock", os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _write_error(folder: Path) -> str | None:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(65_536))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.strerror or str(error)
    return None


def _keys(home: Home) -> Iterator[Path]:
    if home.keys.is_dir():
        yield home.keys
        yield from (path for path in home.keys.glob("*.nk"))
        yield from (path for path in home.issuer.iterdir() if path.is_file()) if home.issuer.is_dir() else ()


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _leftovers(home: Home) -> Iterator[Leftover]:
    """Find processes that name this folder's configuration or sockets on their command line."""
    marks = (str(home.nats / "nats.conf"), str(home.warm_socket), str(home.mlflow))
    for process in psutil.process_iter(["pid", "name", "cmdline"]):
        told = " ".join(process.info["cmdline"] or ())
        if any(mark in told for mark in marks):
            yield Leftover(process.info["pid"], process.info["name"])


def _taken_ports(remembered: Path) -> dict[str, int]:
    try:
        known: dict[str, int] = json.loads(remembered.read_text())
    except (OSError, ValueError):
        return {}
    return {server: port for server, port in known.items() if not is_free(port)}
