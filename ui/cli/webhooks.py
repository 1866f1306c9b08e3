"""`trackside webhooks`: which addresses are told which facts."""

from typing import Annotated

import typer

from contracts.message import Event
from contracts.webhooks import (
    AddWebhook,
    Deliveries,
    Delivery,
    ListDeliveries,
    ListWebhooks,
    RemoveWebhook,
    ReplayWebhook,
    WebhookAdded,
    WebhookRemoved,
    WebhookReplayed,
    Webhooks,
)
from ui.cli.connection import connected, run
from ui.cli.exits import Failed
from ui.cli.options import Json, names
from ui.cli.output import print_json, print_table, terminal, when

webhooks = typer.Typer(
    help="Tell addresses facts over HTTP, signed, in order, until each is answered.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The webhook's name.")]


@webhooks.command()
def add(
    name: Name,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where facts are posted to.")],
    hears: Annotated[str, typer.Option(metavar="FACTS", help="What it is told, such as LeaderboardUpdated,FitFailed.")],
    *,
    as_json: Json = False,
) -> None:
    """Tell an address these facts from now on."""
    added = run(_order(AddWebhook(name=name, url=url, hears=names(hears)), WebhookAdded))
    assert isinstance(added, WebhookAdded)
    if as_json:
        print_json(added)
        return
    terminal().print(f"{name} is told {', '.join(added.hears)} from now on. Check the signatures with:")
    terminal().print(added.public_key, soft_wrap=True, markup=False)


@webhooks.command("list")
def list_(*, as_json: Json = False) -> None:
    """List who is told what, and how far that has come."""
    found = run(_ask())
    if as_json:
        print_json(found)
        return
    print_table(
        ("WEBHOOK", "URL", "HEARS", ">TOLD", "LAST"),
        ((hook.name, hook.url, ", ".join(hook.hears), str(hook.told), _outcome(hook.last)) for hook in found.webhooks),
        empty="Nobody is told anything. Tell an address with: trackside webhooks add NAME URL --hears FACTS",
    )


@webhooks.command()
def deliveries(name: Name, *, as_json: Json = False) -> None:
    """Show the latest of what a webhook was told, and what it answered."""
    found = run(_ask_deliveries(name))
    if as_json:
        print_json(found)
        return
    print_table(
        (">SEQUENCE", "FACT", ">ATTEMPTS", "LAST AT", "OUTCOME"),
        ((str(d.sequence), d.type, str(d.attempts), when(d.last_at), _outcome(d)) for d in found.deliveries),
        empty=f"{name} was told nothing yet.",
    )


@webhooks.command()
def replay(
    name: Name,
    start: Annotated[int, typer.Option("--from", min=1, metavar="SEQUENCE", help="The first fact that is told again.")],
    *,
    as_json: Json = False,
) -> None:
    """Tell a webhook again everything from a place in the stream of facts on."""
    replayed = run(_replayed(ReplayWebhook(name=name, from_sequence=start)))
    if as_json:
        print_json(replayed)
        return
    terminal().print(f"{name} is told again from {start} on.")


@webhooks.command()
def remove(name: Name, *, as_json: Json = False) -> None:
    """Tell a webhook no more, and forget its history."""
    removed = run(_order(RemoveWebhook(name=name), WebhookRemoved))
    if as_json:
        print_json(removed)
        return
    terminal().print(f"{name} is told no more.")


def _outcome(delivery: Delivery | None) -> str:
    if delivery is None:
        return ""
    return f"{delivery.status}" if delivery.problem is None else f"{delivery.problem}, attempt {delivery.attempts}"


async def _replayed(command: ReplayWebhook) -> Event:
    async with connected() as connection:
        first = await connection.bus.first_kept()
        if command.from_sequence < first:
            raise Failed(
                f"Webhooks are told what the stream has, and the facts before {first} are in the archive. "
                f"Say --from {first}, and read what is older with: trackside events"
            )
        return await connection.bus.order(command, WebhookReplayed)


async def _ask() -> Webhooks:
    async with connected() as connection:
        return await connection.bus.ask(ListWebhooks())


async def _ask_deliveries(name: str) -> Deliveries:
    async with connected() as connection:
        return await connection.bus.ask(ListDeliveries(name=name))


async def _order(command: AddWebhook | RemoveWebhook | ReplayWebhook, answer: type[Event]) -> Event:
    async with connected() as connection:
        return await connection.bus.order(command, answer)
