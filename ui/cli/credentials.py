"""`trackside credentials`: what sources are asked with."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from contracts.sources import ListSources, SourceKind, SourceOption
from ui.cli.connection import connected, run
from ui.cli.exits import WrongUsage
from ui.cli.keyring import Keyring
from ui.cli.options import Json
from ui.cli.output import print_json, print_table, terminal
from ui.cli.pairs import check, kind_of, pairs
from ui.cli.settings import credentials_folder
from ui.cli.source import STDIN

credentials = typer.Typer(
    help="Keep what sources are asked with, by name: only ingest reads it, and nothing shows it again.",
    invoke_without_command=True,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What a source's reader calls them.")]


class Credential(BaseModel):
    """Credentials, by what may be shown of them."""

    name: str
    kind: str


class Credentials(BaseModel):
    """All that are kept."""

    credentials: tuple[Credential, ...]


@credentials.callback()
def list_(context: typer.Context, *, as_json: Json = False) -> None:
    """List what is kept: names and kinds, never what they hold."""
    if context.invoked_subcommand is not None:
        return
    kept = _keyring().all()
    if as_json:
        print_json(Credentials(credentials=tuple(Credential(name=each.name, kind=each.kind) for each in kept)))
        return
    print_table(
        ("NAME", "KIND"),
        ((each.name, each.kind) for each in kept),
        empty="No credentials are kept. Keep some with: trackside credentials set NAME --kind KIND",
    )


@credentials.command("set")
def set_(
    name: Name,
    kind: Annotated[str, typer.Option(help="The kind of source that they are for; trackside sources lists them.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY=VALUE...]",
            help="Secrets. They stay in the shell's history: leave them out to be asked, without echo.",
            show_default=False,
        ),
    ] = None,
    from_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A JSON object with them; - for what is piped in.")
    ] = None,
) -> None:
    """Keep credentials under a name; those of that name are replaced."""
    if words and from_file:
        raise WrongUsage("Give the secrets either as key=value or by --from-file.")
    given: dict[str, object] = dict(pairs(words or ()))
    if words:
        _warn()
    known = run(_kind(kind))
    if not known.secrets:
        raise WrongUsage(f"A source of the kind {kind} takes no credentials. Read it without.")
    if from_file is not None:
        given = _in_file(from_file)
    elif not words:
        given = _asked(known.secrets)
    check(given, known.secrets, kind)
    _keyring().put(name, kind, given)
    terminal().print(f"Kept {name} for sources of the kind {kind}: trackside read {kind} ... --credentials {name}")


@credentials.command()
def remove(name: Name) -> None:
    """Forget credentials; what was read with them stays."""
    _keyring().remove(name)
    terminal().print(f"Removed {name}.")


def _keyring() -> Keyring:
    return Keyring(credentials_folder())


def _warn() -> None:
    terminal(stderr=True).print(
        "[yellow]note[/] these secrets stand in the shell's history now. Leave them out next time, and be asked.",
        soft_wrap=True,
    )


def _in_file(file: Path) -> dict[str, object]:
    try:
        data = sys.stdin.read() if file == STDIN else file.read_text()
    except OSError as error:
        raise WrongUsage(f"{file} cannot be read: {error.strerror}.") from None
    try:
        said = json.loads(data)
    except ValueError:  # its message may repeat what stands there
        said = None
    if not isinstance(said, dict):
        raise WrongUsage(f'{file} holds no JSON object. Write for example: {{"user": "...", "password": "..."}}')
    return said


def _asked(secrets: Iterable[SourceOption]) -> dict[str, object]:
    if not sys.stdin.isatty():
        raise WrongUsage("Nobody can be asked where there is no terminal. Give --from-file - and pipe JSON in.")
    given: dict[str, object] = {}
    for secret in secrets:
        needed = "" if secret.required else ", or nothing"
        terminal(stderr=True).print(f"{secret.name}: {' '.join(secret.meaning.split())}", markup=False)
        value = typer.prompt(
            f"{secret.name}{needed}",
            default=None if secret.required else "",
            hide_input=True,
            show_default=False,
            err=True,
        )
        if value:
            given[secret.name] = value
    return given


async def _kind(kind: str) -> SourceKind:
    async with connected() as connection:
        return kind_of(kind, (await connection.bus.ask(ListSources())).kinds)
