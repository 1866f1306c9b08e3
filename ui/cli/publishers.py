"""`trackside publishers`: who is let in from outside."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from contracts.errors import Misconfigured
from contracts.identities import command_named
from contracts.message import Event
from contracts.permissions import inbox
from contracts.publishers import (
    AddPublisher,
    Limits,
    ListPublishers,
    PublisherAdded,
    PublisherRevoked,
    Publishers,
    RevokePublisher,
)
from contracts.streams import EVENTS, outside_durable
from infra.bus import BusUnavailable
from ui.cli.connection import Connection, connected, run
from ui.cli.exits import Failed, WrongUsage
from ui.cli.options import Json, names
from ui.cli.output import print_json, print_table, terminal, when

publishers = typer.Typer(
    help="Let programs outside send commands by contract, and shut them out.", no_args_is_help=True
)

_LIMITS = Limits()
_SECONDS = 5.0
_PAUSE = 0.1

Name = Annotated[str, typer.Argument(metavar="NAME", help="The publisher's name.")]


class Sheet(BaseModel):
    """What a program needs to know to send and to hear."""

    name: str
    may: tuple[str, ...]
    hears: tuple[str, ...]
    nats_url: str
    ca: str
    """The certificate (PEM) of the authority that vouches for nats-server at ``tls://``; empty if it is not there."""
    key: Path | None
    """The file with its key; None if it made its key itself."""
    inbox_prefix: str
    sends_on: tuple[str, ...]
    stream: str
    durable: str


@publishers.command()
def add(  # noqa: PLR0913 - one for each option
    name: Name,
    may: Annotated[
        str, typer.Option(metavar="COMMANDS", help="What it may send, such as RegisterDataset,StartExperiment.")
    ],
    hears: Annotated[
        str, typer.Option(metavar="FACTS", help="What it hears besides the answers to its commands.")
    ] = "",
    rate: Annotated[float, typer.Option(help="Messages a second that go on; more wait.")] = _LIMITS.rate,
    size: Annotated[int, typer.Option(help="Bytes of one message; a larger one is refused.")] = _LIMITS.size,
    backlog: Annotated[int, typer.Option(help="Messages that may wait; one more is refused.")] = _LIMITS.backlog,
    key: Annotated[
        Path | None, typer.Option(help="Where its key is written; in the platform's folder if not said.")
    ] = None,
    nkey: Annotated[
        str, typer.Option(metavar="PUBLIC", help="The public nkey of a program that made its key itself.")
    ] = "",
    *,
    as_json: Json = False,
) -> None:
    """Give a program a key that can do what is named here, and nothing else."""
    if nkey and key:
        raise WrongUsage("Give either --nkey, the public half of a key that is there, or --key, where to write one.")
    limits = Limits(rate=rate, size=size, backlog=backlog)

    async def main() -> Sheet:
        async with connected() as connection:
            seed = None if nkey else key or connection.reach.home.seed(f"outside-{name}")
            public = _public(seed) if seed else nkey
            command = AddPublisher(name=name, nkey=public, may=names(may), hears=names(hears), limits=limits)
            card = await connection.bus.order(command, PublisherAdded)
            assert isinstance(card, PublisherAdded)
            if seed is not None:
                await _let_in(connection, name, seed)
            return _sheet(connection, card, seed)

    sheet = run(main())
    if as_json:
        print_json(sheet)
        return
    screen = terminal()
    screen.print(f"{name} may send {', '.join(sheet.may)} and hears {', '.join(sheet.hears)}.", soft_wrap=True)
    for what, value in (
        ("bus", sheet.nats_url),
        ("key", str(sheet.key or "its own")),
        ("inbox", sheet.inbox_prefix),
        *(("send on", subject) for subject in sheet.sends_on),
        ("hear by", f"the consumer {sheet.durable} of the stream {sheet.stream}"),
    ):
        screen.print(f"  {what:9}{value}", soft_wrap=True, markup=False)


@publishers.command("list")
def list_(*, as_json: Json = False) -> None:
    """List who is let in."""
    found = run(_ask())
    if as_json:
        print_json(found)
        return
    print_table(
        ("PUBLISHER", "MAY SEND", "HEARS", ">A SECOND", ">BYTES", ">BACKLOG", "SINCE"),
        (
            (
                card.name, ", ".join(card.may), ", ".join(card.hears), f"{card.limits.rate:g}",
                str(card.limits.size), str(card.limits.backlog), when(card.added_at),
            )
            for card in found.publishers
        ),
        empty="Nobody outside is let in. Let a program in with: trackside publishers add NAME --may COMMANDS",
    )  # fmt: skip


@publishers.command()
def revoke(name: Name, *, as_json: Json = False) -> None:
    """Shut a publisher out at once; what it sent before goes on."""
    revoked = run(_order(RevokePublisher(name=name)))
    if as_json:
        print_json(revoked)
        return
    terminal().print(f"{name} is shut out.")


def _public(seed: Path) -> str:
    """Return the public half of the key in the file ``seed``, which is made if it is not there."""
    # Imported here because it costs time that `--help` need not pay.
    from infra.local.nats import nkey  # noqa: PLC0415

    return nkey(seed)


async def _let_in(connection: Connection, name: str, seed: Path) -> None:
    """Wait until the publisher's key opens the door."""
    # Imported here because it costs time that `--help` need not pay.
    from infra.bus.client import connect  # noqa: PLC0415

    reach, limit = connection.reach, asyncio.get_running_loop().time() + _SECONDS
    while asyncio.get_running_loop().time() < limit:
        try:
            bus = await connect(
                reach.nats_url, seed, name, connection.telemetry, ca_file=reach.ca_file, patience=_SECONDS
            )
        except (Misconfigured, BusUnavailable):  # nats-server hangs up on some while it reads its users again
            await asyncio.sleep(_PAUSE)
        else:
            await bus.close()
            return
    raise Failed(f"The key of {name} is not accepted after {_SECONDS:g} s. See what ingest says: trackside status")


def _sheet(connection: Connection, card: PublisherAdded, seed: Path | None) -> Sheet:
    commands = filter(None, map(command_named, card.may))
    return Sheet(
        name=card.name,
        may=card.may,
        hears=card.hears,
        nats_url=connection.reach.public_nats_url,
        ca=ca_file.read_text() if (ca_file := connection.reach.ca_file) else "",
        key=seed,
        inbox_prefix=inbox(card.name),
        sends_on=tuple(f"in.{card.name}.{command.subject}.<{command.keyed_by}>" for command in commands),
        stream=EVENTS,
        durable=outside_durable(card.name),
    )


async def _ask() -> Publishers:
    async with connected() as connection:
        return await connection.bus.ask(ListPublishers())


async def _order(command: RevokePublisher) -> Event:
    async with connected() as connection:
        return await connection.bus.order(command, PublisherRevoked)
