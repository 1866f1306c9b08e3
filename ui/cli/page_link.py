"""The one-time link that opens the page for a person."""

from infra.local.issuer.clients import COMMAND_LINE, clients_of
from infra.local.layout import Home
from infra.local.platform import Platform


def page_link(platform: Platform) -> str:
    """Return a link that opens the page: once, soon."""
    # Imported here because checking signatures is a library of its own, which `--help` need not pay for.
    from infra.tokens import issue_ticket  # noqa: PLC0415

    client = clients_of(Home(platform.home).issuer)[COMMAND_LINE]
    return f"{platform.ui_url}/login?ticket={issue_ticket(platform.issuer_url, client.id, client.secret)}"
