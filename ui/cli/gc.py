"""`trackside gc`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel, ConfigDict
from rich.filesize import decimal

from contracts.streams import hook_durable, outside_durable
from infra.clock import utc_now
from infra.history import Part
from ui.cli.connection import run
from ui.cli.exits import Failed
from ui.cli.options import Json
from ui.cli.output import counted, print_json, print_table, terminal
from ui.cli.reach import Reach
from ui.cli.settings import RetentionSettings

if TYPE_CHECKING:
    from infra.bus.archiving import Retired
    from infra.bus.collecting import Kind

_NAME = "cli"
_PATIENCE = 5.0
_EVERY = 250
"""Facts between two looks at how far it is."""
_DOING = {"read": "reading", "stored": "stored up to", "listed": "listed up to", "purged": "archived up to"}
"""How the steps of archiving are told."""


class Row(BaseModel):
    """What became, or would become, of the facts, or of the objects of one kind."""

    model_config = ConfigDict(frozen=True)

    kind: str
    goes: int
    goes_bytes: int
    stays: int
    why: str
    """Why the rest stays."""


class Archived(BaseModel):
    """What the archive holds afterwards."""

    model_config = ConfigDict(frozen=True)

    facts: int
    parts: int
    bytes: int
    """Of its parts."""


class Outcome(BaseModel):
    """What became, or would become, of everything."""

    model_config = ConfigDict(frozen=True)

    dry_run: bool
    rows: tuple[Row, ...]
    archive: Archived
    unacknowledged: dict[str, int]
    """Who has not acknowledged how many facts that are old enough to go."""
    unobeyed: dict[str, tuple[str, ...]]
    """Who has commands to obey, with the kinds of objects that they may be about: of these none goes."""


def gc(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go, and its bytes.")] = False,
    as_json: Json = False,
) -> None:
    """Move old facts to the archive, and remove old objects that no fact names; what serves is never touched.

    Facts that are older than TRACKSIDE_KEEP_FACTS_DAYS leave the stream once they are archived, and can be read as
    before. Objects are removed that no fact names and that are older than TRACKSIDE_KEEP_OBJECTS_DAYS.
    """
    settings = RetentionSettings.read()
    with _shown() as told:
        outcome = run(_done(Reach.found(), settings, told, dry=dry_run))
    if as_json:
        print_json(outcome)
    else:
        _print(outcome, settings)


async def _done(reach: Reach, settings: RetentionSettings, told: Callable[[str, int], None], *, dry: bool) -> Outcome:
    if not reach.names_objects:
        raise Failed("It is not known where this platform keeps objects. Name its store in TRACKSIDE_OBJECTS_URL.")
    # Imported here because it costs half a second, which `--help` need not pay.
    from infra.bus.archiving import Archivist  # noqa: PLC0415
    from infra.bus.collecting import Collector, StoreUnproven  # noqa: PLC0415
    from infra.bus.connection import connect  # noqa: PLC0415
    from infra.history.archive import archive_of  # noqa: PLC0415
    from infra.objects.store import objects_of  # noqa: PLC0415

    now, archive = utc_now(), archive_of(reach.objects)
    client = await connect(reach.nats_url, reach.seed_file, name=_NAME, ca_file=reach.ca_file, patience=_PATIENCE)
    try:
        # First, because it finds out whether this is the platform's store: facts are not to go to another one.
        collector = Collector(client, archive, objects_of(reach.objects), lambda at: told("looking for names", at))
        collected = await collector.collect(now - timedelta(days=settings.keep_objects_days), dry=dry)
        archivist = Archivist(client, archive, lambda step, at: told(_DOING[step], at))
        before = now - timedelta(days=settings.keep_facts_days)
        if not collected.proven and (await archivist.look(before)).facts:
            raise StoreUnproven
        retired = await (archivist.look(before) if dry else archivist.archive(before))
    finally:
        await client.close()
    return Outcome(
        dry_run=dry,
        rows=(_facts_row(retired), *map(_objects_row, collected.kinds)),
        archive=_archived(archive.parts()),
        unacknowledged=retired.waits_for,
        unobeyed=collected.waits_for,
    )


def _archived(parts: Sequence[Part]) -> Archived:
    return Archived(facts=sum(part.facts for part in parts), parts=len(parts), bytes=sum(part.size for part in parts))


def _facts_row(retired: "Retired") -> Row:
    why = [f"{retired.left:,} young"] if retired.left else []
    why += [f"{retired.held:,} wait for {', '.join(retired.waits_for)}"] if retired.held else []
    stays = retired.left + retired.held
    return Row(kind="facts", goes=retired.facts, goes_bytes=retired.fact_bytes, stays=stays, why=", ".join(why))


def _objects_row(found: "Kind") -> Row:
    why = [f"{found.young:,} young"] if found.young else []
    why += [f"{found.kept:,} named or needed"] if found.kept else []
    stays = found.young + found.kept
    return Row(kind=found.name, goes=found.removed, goes_bytes=found.removed_bytes, stays=stays, why=", ".join(why))


def _print(outcome: Outcome, settings: RetentionSettings) -> None:
    rows = [row for row in outcome.rows if row.goes or row.stays]
    print_table(
        ("KIND", ">GOES" if outcome.dry_run else ">GONE", ">BYTES", ">STAYS", "WHY"),
        ((row.kind, f"{row.goes:,}", decimal(row.goes_bytes), f"{row.stays:,}", row.why) for row in rows),
        empty="There is nothing yet.",
    )
    screen = terminal()
    held = outcome.archive
    archived = f"{counted(held.facts, 'fact')} in {counted(held.parts, 'part')}, {decimal(held.bytes)}"
    screen.print(f"\nThe archive has {archived}.", soft_wrap=True)
    for name, number in outcome.unacknowledged.items():
        screen.print(f"{_known_as(name)} has not acknowledged {counted(number, 'fact')}.", soft_wrap=True)
    for name, kinds in outcome.unobeyed.items():
        screen.print(f"{name} has commands to obey, so none of these goes: {', '.join(kinds)}.", soft_wrap=True)
    kept = (
        f"Facts stay {counted(settings.keep_facts_days, 'day')}, objects {counted(settings.keep_objects_days, 'day')}"
    )
    screen.print(f"{kept} at least." + (" Nothing was changed." if outcome.dry_run else ""), soft_wrap=True)


def _known_as(durable: str) -> str:
    """Return how people know whom a durable feeds, and where they see why it lags."""
    kinds = ((outside_durable(""), "The publisher", "publishers"), (hook_durable(""), "The webhook", "webhooks"))
    for prefix, kind, verb in kinds:
        if durable.startswith(prefix):
            return f"{kind} {durable.removeprefix(prefix)} (see: trackside {verb} list)"
    return durable


@contextmanager
def _shown() -> Iterator[Callable[[str, int], None]]:
    """Show how far it is, where somebody watches."""
    with terminal(stderr=True).status("beginning") as line:

        def told(doing: str, at: int) -> None:
            if at % _EVERY == 0 or doing not in {"reading", "looking for names"}:
                line.update(f"{doing}: fact {at:,}")

        yield told
