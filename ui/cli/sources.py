"""`trackside sources`."""

from typing import Annotated

import typer
from rich.markup import escape

from contracts.sources import ListSources, SourceKind, SourceKinds, SourceOption
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, print_table, terminal
from ui.cli.pairs import kind_of


def sources(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="Say what this kind wants to know.", show_default=False)
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """List the kinds of source that can be read, or what one of them wants to know."""
    found = run(_ask())
    if kind is not None:
        _print_kind(kind_of(kind, found.kinds), as_json=as_json)
    elif as_json:
        print_json(found)
    else:
        print_table(
            ("KIND", "READS"),
            ((each.kind, escape(each.summary)) for each in found.kinds),
            empty="No connector is installed where ingest runs. A file is read by: trackside ingest FILE --name NAME",
        )


def _print_kind(kind: SourceKind, *, as_json: bool) -> None:
    if as_json:
        print_json(kind)
        return
    screen = terminal()
    screen.print(f"{kind.kind}: {kind.summary}", markup=False, soft_wrap=True)
    screen.print()
    _print_options("OPTION", kind.options, "It wants to know nothing.")
    if kind.secrets:
        screen.print()
        _print_options("SECRET", kind.secrets, "")
    screen.print(f"\nRead it: {_example(kind)}", markup=False, soft_wrap=True)
    if kind.secrets:
        screen.print(f"Store its secrets: trackside credentials set NAME --kind {kind.kind}", soft_wrap=True)


def _print_options(title: str, options: tuple[SourceOption, ...], empty: str) -> None:
    print_table(
        (title, "NEEDED", "MEANS", "EXAMPLE"),
        (
            (o.name, "yes" if o.required else "", escape(" ".join(o.meaning.split())), escape(o.example or ""))
            for o in options
        ),
        empty=empty,
    )


def _example(kind: SourceKind) -> str:
    said = [f"{option.name}={option.example or '...'}" for option in kind.options if option.required]
    proof = ["--credentials NAME"] if kind.secrets else []
    return " ".join(["trackside read", kind.kind, *said, "--name DATASET", *proof])


async def _ask() -> SourceKinds:
    async with connected() as connection:
        return await connection.bus.ask(ListSources())
