"""The processes of a platform: what their supervisor sees, and what each says of itself."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.errors import Unavailable
from contracts.health import AskHealth, Health
from infra.bus import Bus, QuestionRefused
from infra.checkup import Finding, fail, ok, warn
from infra.local.platform import Running


@dataclass(frozen=True)
class ProcessSeen:
    """One process."""

    name: str
    running: Running | None
    """What its supervisor sees; None where we are not on its machine."""
    health: Health | None = None
    """Its own account; None if it gave none."""
    asked: bool = False
    """Whether it could be asked, and should have answered."""


async def look(bus: Bus | None, processes: Mapping[str, Running | None], seconds: float) -> tuple[ProcessSeen, ...]:
    """Ask every process over ``bus`` how it is; without a bus, nobody is asked."""
    return tuple(await asyncio.gather(*(_seen(bus, *process, seconds) for process in processes.items())))


def judge(seen: Iterable[ProcessSeen]) -> list[Finding]:
    """Say how each process is."""
    return [finding for process in seen for finding in _judged(process)]


async def _seen(bus: Bus | None, name: str, running: Running | None, seconds: float) -> ProcessSeen:
    absent = running is not None and (running.pid is None or not running.on_bus)
    if bus is None or absent:
        return ProcessSeen(name, running)
    try:
        return ProcessSeen(name, running, await bus.ask(AskHealth(process=name), seconds=seconds), asked=True)
    except (Unavailable, QuestionRefused):
        return ProcessSeen(name, running, asked=True)


def _judged(seen: ProcessSeen) -> list[Finding]:
    findings = [_state(seen)]
    if seen.health is not None and seen.health.denied:
        cause = f"nats-server denied it something, {seen.health.denied} in all; the last: {seen.health.last_denied}."
        cure = "Its release and nats-server's list of users differ: start the platform again, or make the secrets anew."
        findings.append(fail(seen.name, cause, cure))
    if seen.running is not None and seen.running.restarts and seen.running.pid is not None:
        cause = f"It ended by itself and was started again; restarts so far: {seen.running.restarts}."
        findings.append(warn(seen.name, cause, f"Its log says why: {seen.running.log}"))
    return findings


def _state(seen: ProcessSeen) -> Finding:
    running, health = seen.running, seen.health
    where = f"Its log says why: {running.log}" if running else "Its log says why."
    if running is not None and running.pid is None:
        return fail(seen.name, "It does not run.", where)
    if running is not None and not running.ready and health is None:
        return warn(seen.name, "It is starting.", "Ask again in some seconds.")
    if seen.asked and health is None:
        return fail(seen.name, "It does not answer over the bus.", where)
    if health is not None and not health.ready:
        return fail(seen.name, f"It is not ready: {'; '.join(health.problems) or 'it still starts'}.", where)
    said = "It says that it is well." if health else "It runs."
    return ok(seen.name, said)
