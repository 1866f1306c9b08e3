"""Who may ask the built-in issuer for tokens."""

import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from contracts.errors import Misconfigured
from contracts.grants import ADMIT, HEAR, PREDICT, SEND, UPLOAD, sending
from contracts.identities import ORDERS
from infra.local.issuer.files import write_private

COMMAND_LINE = "trackside-cli"
PAGE = "trackside-ui"

SERVING = "trackside-serving"
EVENTS = "trackside-events"
AUDIENCE_OF: Mapping[str, str] = MappingProxyType(
    {
        PREDICT: SERVING,
        **dict.fromkeys((SEND, *(sending(command) for command in ORDERS), HEAR, UPLOAD), EVENTS),
        ADMIT: PAGE,
    }
)
"""What a token may allow, and at which API it does so."""


class Client(BaseModel):
    """A program that the issuer knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    secret: str
    audiences: tuple[str, ...]
    """Whom it may get tokens for."""
    scopes: tuple[str, ...]
    """What its tokens may allow."""
    tickets: bool = False
    """True if it may let a person in to the page."""

    def scopes_at(self, audience: str) -> list[str]:
        """Return what its tokens for ``audience`` may allow; a scope of the operator's own is good anywhere."""
        return [scope for scope in self.scopes if AUDIENCE_OF.get(scope, audience) == audience]

    def has(self, secret: str) -> bool:
        """Return whether this is its secret, in a time that tells nothing about it."""
        return hmac.compare_digest(self.secret.encode(), secret.encode())


_FILE = TypeAdapter(tuple[Client, ...])


def clients_of(folder: Path) -> Mapping[str, Client]:
    """Return the clients in ``folder`` by id; the first call makes the file, with secrets that only this machine knows.

    Raises:
        Misconfigured: if the file is not a clients file, or others may read it.
    """
    path = folder / "clients.json"
    if not path.exists():
        write_private(path, _FILE.dump_json(_first_clients(), indent=2))
    if path.stat().st_mode & 0o077:
        raise Misconfigured(f"{path} is open to other users; close it with: chmod 600 {path}")
    try:
        clients = map(_of_this_release, _FILE.validate_json(path.read_bytes()))
        return {client.id: client for client in clients}
    except ValidationError as error:
        raise Misconfigured(
            f"{path} is no clients file ({error.error_count()} faults); remove it to get a new one"
        ) from None


def _first_clients() -> tuple[Client, ...]:
    return (_new_client(COMMAND_LINE, tickets=True), _new_client(PAGE, tickets=False))


def _of_this_release(client: Client) -> Client:
    """Let the command line have every token that there is, also where its file is of an earlier release."""
    if client.id != COMMAND_LINE:
        return client
    return client.model_copy(update={"audiences": (SERVING, EVENTS, PAGE), "scopes": tuple(AUDIENCE_OF)})


def _new_client(identity: str, *, tickets: bool) -> Client:
    return Client(
        id=identity,
        secret=secrets.token_urlsafe(32),
        audiences=(SERVING,),
        scopes=(PREDICT,),
        tickets=tickets,
    )
