"""`trackside profile`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from contracts.profiles import ColumnProfile, Numbers, Profile
from contracts.versions import DatasetVersions, ListVersions, VersionSummary
from ui.cli.connection import connected, run
from ui.cli.exits import Failed
from ui.cli.options import Json
from ui.cli.output import counted, print_json, print_table, terminal
from ui.cli.reach import Reach
from ui.cli.stored import as_told, store_of

_BARS = "▁▂▃▄▅▆▇█"
_FREQUENT = 3
_DATES = {"date": "%Y-%m-%d", "timestamp": "%Y-%m-%d %H:%M:%S"}


def profile(
    name: Annotated[str, typer.Argument(metavar="DATASET", help="The dataset's name.")],
    version: Annotated[
        int | None, typer.Option(help="Number of the version; the latest if not given.", show_default=False)
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show what the columns of a dataset version look like."""
    reach = Reach.found()
    objects = store_of(reach)
    found = run(_ask(reach, name))
    one = chosen(found, version)
    if one.profile is None:
        raise Failed(f"Version {one.number} of {name} has no profile. Register the same rows again: it gets one.")
    with as_told():
        told = Profile.model_validate_json(objects.read(one.profile))
    if as_json:
        print_json(told)
        return
    terminal().print(f"{name} version {one.number}: {counted(told.rows, 'row')}")
    print_table(
        ("COLUMN", "KIND", ">MISSING", ">DISTINCT", "VALUES", "SPREAD"),
        (_row(column, told.rows) for column in told.columns),
        empty="It has no columns.",
    )
    for line in personal_lines(told):
        terminal().print(line, soft_wrap=True)


def chosen(found: DatasetVersions, number: int | None) -> VersionSummary:
    """Return the version of this number, or the latest; raise Failed if there is none."""
    for version in found.versions:
        if number in {None, version.number}:
            return version
    there = ", ".join(str(version.number) for version in found.versions)
    raise Failed(f"The dataset {found.name} has no version {number}. It has {there}.")


def personal_lines(told: Profile) -> Iterator[str]:
    """Yield a sentence for each column that may tell of persons."""
    for column in told.columns:
        if (hint := column.personal) is None:
            continue
        seen = f"{hint.matched} of {hint.sampled} values that were looked at match" if hint.matched else "by its name"
        yield f"[yellow]note[/] {escape(column.name)} may hold personal data: {hint.kind}, {seen}"


def sparkline(counts: Sequence[int]) -> str:
    """Return counts as bars; what is there at all is seen.

    >>> sparkline([0, 1, 50, 100])
    ' ▁▄█'
    """
    most = max(counts, default=0)
    return "".join(_BARS[max(0, -(-8 * count // most) - 1)] if count else " " for count in counts)


def _row(column: ColumnProfile, rows: int) -> tuple[str, ...]:
    spread = column.numbers.histogram if column.numbers else None
    return (
        escape(column.name),
        column.kind,
        f"{column.missing / rows:.1%}",
        ("about " if column.estimated else "") + f"{column.distinct:,}",
        escape(_values(column)),
        sparkline(spread.counts) if spread else "",
    )


def _values(column: ColumnProfile) -> str:
    if column.personal is not None:
        return "not shown"
    if column.numbers is not None:
        return _numbers(column.numbers, column.type)
    if column.frequent:
        shown = ", ".join(f"{value.value} {value.rows:,}" for value in column.frequent[:_FREQUENT])
        return shown + (", …" if len(column.frequent) > _FREQUENT else "")
    return "" if column.lengths is None else f"{column.lengths.mean:.0f} characters, at most {column.lengths.longest:,}"


def _numbers(numbers: Numbers, kind: str) -> str:
    if numbers.low is None or numbers.high is None:
        return ""
    if kind in _DATES:
        return f"{_moment(numbers.low, kind)} to {_moment(numbers.high, kind)}"
    middle = "" if numbers.mean is None else f", mean {numbers.mean:.6g}"
    return f"{numbers.low:.6g} to {numbers.high:.6g}{middle}"


def _moment(seconds: float, kind: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(_DATES[kind])


async def _ask(reach: Reach, name: str) -> DatasetVersions:
    async with connected(reach) as connection:
        return await connection.bus.ask(ListVersions(name=name))
