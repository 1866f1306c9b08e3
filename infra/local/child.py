"""One child process: started so that it cannot outlive its parent, and stopped with everything that it started."""

import asyncio
import ctypes
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from infra.local.probes import Probe

_PR_SET_PDEATHSIG = 1
_LARGEST_LOG = 20_000_000
# Freed memory goes back to the kernel: a reserve for each thread kept a tenth of the platform's memory for nothing.
_SPARING = {"MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Process:
    """What runs, and how to tell that it does."""

    name: str
    command: tuple[str, ...]
    ready: Probe
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to what the supervisor itself was given."""
    stage: int = 0
    """What has the highest stage stops first."""
    nice: int = 0
    on_bus: bool = False
    """True if it answers ``contracts.health.AskHealth``."""


async def spawn(process: Process, log: Path, folder: Path, scratch: Path) -> asyncio.subprocess.Process:
    """Start ``process`` in ``folder``, in a group of its own, with what it prints appended to ``log``.

    Its temporary files come to lie in ``scratch``.

    The kernel kills it when this process ends, even by SIGKILL. Ctrl-C in the terminal does not reach it: its
    supervisor stops it in order.
    """
    inherited = dict(os.environ)  # noqa: TID251 - children see what the person set, such as PATH and OTEL_*
    with _opened(log) as output:
        return await asyncio.create_subprocess_exec(
            *process.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            # No module of ours is to be shadowed by a folder of the same name where it happens to run.
            env={**_SPARING, **inherited, "PYTHONSAFEPATH": "1", "TMPDIR": str(scratch), **process.environment},
            process_group=0,
            preexec_fn=_bound_to(os.getpid(), process.nice),
        )


async def stop(child: asyncio.subprocess.Process, grace: float) -> None:
    """Ask a child to end, and after ``grace`` seconds kill it; whatever is left of its group is killed with it."""
    if child.returncode is None:
        child.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(child.wait(), grace)
        except TimeoutError:
            pass
        except asyncio.CancelledError:
            kill_group(child)
            raise
    kill_group(child)
    await child.wait()


def kill_group(child: asyncio.subprocess.Process) -> None:
    """Kill a child and every process that it left in its group."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _opened(log: Path) -> BinaryIO:
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    return log.open("ab")


def _bound_to(parent: int, nice: int) -> Callable[[], None]:
    def prepare() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)
        if nice:
            os.nice(nice)

    return prepare
