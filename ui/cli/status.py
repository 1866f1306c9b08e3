"""`trackside status`."""

import asyncio

import psutil
from pydantic import BaseModel, ConfigDict
from rich.markup import escape

from contracts.errors import Unavailable
from contracts.health import AskHealth
from infra.bus import Bus
from infra.local.platform import Platform, Running
from ui.cli.connection import connected, run
from ui.cli.exits import Failed
from ui.cli.options import Json
from ui.cli.output import print_json, print_table, terminal
from ui.cli.reach import Reach
from ui.cli.settings import PlaceSettings, current_home

_SECONDS = 2.0


class ProcessStatus(BaseModel):
    """One process: what its supervisor sees, and what it says itself."""

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int | None
    ready: bool
    restarts: int
    memory_bytes: int | None
    """Its share of memory (PSS), with its children; None if it does not run."""
    problems: tuple[str, ...]


class Status(BaseModel):
    """The whole platform."""

    model_config = ConfigDict(frozen=True)

    home: str
    ui_url: str
    serving_url: str
    events_url: str
    mlflow_url: str
    issuer_url: str
    nats_url: str
    memory_bytes: int
    processes: tuple[ProcessStatus, ...]


def status(*, as_json: Json = False) -> None:
    """Ask every process how it is; exits with 1 if one is not ready."""
    platform, found = run(_ask())
    if as_json:
        print_json(found)
    else:
        _print(found)
    if not as_json and platform.processes["issuer"].ready:
        terminal().print(f"page (one-time link) {Reach.of(platform).page_link()}", soft_wrap=True)
    waiting = [process.name for process in found.processes if not process.ready]
    if waiting:
        raise Failed(f"Not ready: {', '.join(waiting)}. Their logs are in {found.home}/logs.")


async def _ask() -> tuple[Platform, Status]:
    if PlaceSettings.read().elsewhere:
        raise Failed("TRACKSIDE_NATS_URL names a platform elsewhere. How that is, says: trackside doctor")
    platform = Platform.find(current_home())
    async with connected(Reach.of(platform)) as connection:
        asked = await asyncio.gather(
            *(_process(connection.bus, name, running) for name, running in platform.processes.items())
        )
    memory = sum(process.memory_bytes or 0 for process in asked) + (_memory(platform.pid, children=False) or 0)
    status = Status(home=str(platform.home), memory_bytes=memory, processes=tuple(asked), **_urls(platform))
    return platform, status


def _urls(platform: Platform) -> dict[str, str]:
    return {
        "ui_url": platform.ui_url,
        "serving_url": platform.serving_url,
        "events_url": platform.events_url,
        "mlflow_url": platform.mlflow_url,
        "issuer_url": platform.issuer_url,
        "nats_url": platform.nats_url,
    }


async def _process(bus: Bus, name: str, running: Running) -> ProcessStatus:
    ready, problems = seen(running)
    if running.on_bus and running.pid is not None:
        ready, problems = await _own_account(bus, name, running)
    return ProcessStatus(
        name=name,
        pid=running.pid,
        ready=ready,
        restarts=running.restarts,
        memory_bytes=_memory(running.pid) if running.pid is not None else None,
        problems=problems,
    )


def seen(running: Running) -> tuple[bool, tuple[str, ...]]:
    """Return whether a process is ready in its supervisor's eyes, and why not."""
    if running.ready:
        return True, ()
    return False, ("does not run",) if running.pid is None else ("starting",)


async def _own_account(bus: Bus, name: str, running: Running) -> tuple[bool, tuple[str, ...]]:
    try:
        health = await bus.ask(AskHealth(process=name), seconds=_SECONDS)
    except Unavailable:
        return False, ("does not answer",) if running.ready else ("starting",)
    return health.ready, health.problems


def _memory(pid: int, *, children: bool = True) -> int | None:
    try:
        process = psutil.Process(pid)
        family = [process, *(process.children(recursive=True) if children else ())]
        return sum(int(member.memory_full_info().pss) for member in family)
    except psutil.Error:
        return None


def _print(status: Status) -> None:
    print_table(
        ("PROCESS", ">PID", "STATE", ">RESTARTS", ">MEMORY", ""),
        (
            (
                process.name,
                str(process.pid or ""),
                "[green]ready[/]" if process.ready else "[red]not ready[/]",
                str(process.restarts),
                _megabytes(process.memory_bytes),
                escape("; ".join(process.problems)),
            )
            for process in status.processes
        ),
        empty="Nothing runs.",
    )
    terminal().print(f"\nmemory {_megabytes(status.memory_bytes)} (sum of PSS)")
    docs = f"serving API {status.serving_url}/docs   event ingress {status.events_url}/docs"
    terminal().print(f"{docs}   MLflow {status.mlflow_url}", soft_wrap=True)


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / 1e6:,.0f} MB"
