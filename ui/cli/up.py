"""`trackside up`."""

import asyncio
from time import monotonic
from typing import Annotated

import typer

from infra.local.platform import Platform
from ui.cli.connection import run
from ui.cli.options import within
from ui.cli.output import terminal
from ui.cli.reach import Reach
from ui.cli.settings import current_home

Workers = Annotated[
    int, typer.Option(callback=within(1, 64), help="How many fits at a time; the number of cores is a good one.")
]


def up(workers: Workers = 2) -> None:
    """Run the whole platform on this machine until Ctrl-C."""
    try:
        run(_up(workers))
    except KeyboardInterrupt:
        terminal().print("stopped")


async def _up(workers: int) -> None:
    # Imported here, like all that speaks to nats-server, because `--help` need not pay for it.
    from infra.local.embedded import embedded  # noqa: PLC0415

    began = monotonic()
    home = current_home()
    terminal().print(f"starting in {home.root} …", soft_wrap=True)
    async with embedded(home, workers, lambda news: terminal().print(f"[yellow]{news}[/]", soft_wrap=True)) as running:
        platform = running.platform()
        terminal().print(f"ready after {monotonic() - began:.1f} s; Ctrl-C stops everything")
        if starting := not_ready(platform):
            terminal().print(f"still starting: {', '.join(starting)} (races begin as soon as a worker is ready)")
        terminal().print()
        _say(platform)
        try:
            await asyncio.Event().wait()
        finally:
            terminal().print("\nstopping …")


def not_ready(platform: Platform) -> list[str]:
    """Return the processes that are not ready yet, by name."""
    return [name for name, running in platform.processes.items() if not running.ready]


def _say(platform: Platform) -> None:
    rows = {
        "page (one-time link)": Reach.of(platform).page_link(),
        "serving API": f"{platform.serving_url}/docs",
        "event ingress": f"{platform.events_url}/docs",
        "MLflow": platform.mlflow_url,
        "bus": f"{platform.nats_url} (keys in {platform.home}/keys)",
        "logs": f"{platform.home}/logs",
    }
    for name, value in rows.items():
        terminal().print(f"{name:<22}{value}", soft_wrap=True, markup=False)
    terminal().print("\nNext, in another terminal: trackside ingest FILE --name NAME", markup=False)
