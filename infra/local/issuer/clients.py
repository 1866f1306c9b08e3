"""Who may ask the built-in issuer for tokens."""

import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from contracts.errors import Misconfigured
from infra.local.issuer.files import write_private

COMMAND_LINE = "trackside-cli"
PAGE = "trackside-ui"


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
        return {client.id: client for client in _FILE.validate_json(path.read_bytes())}
    except ValidationError as error:
        raise Misconfigured(
            f"{path} is no clients file ({error.error_count()} faults); remove it to get a new one"
        ) from None


def _first_clients() -> tuple[Client, ...]:
    return (_new_client(COMMAND_LINE, tickets=True), _new_client(PAGE, tickets=False))


def _new_client(identity: str, *, tickets: bool) -> Client:
    return Client(
        id=identity,
        secret=secrets.token_urlsafe(32),
        audiences=("trackside-serving",),
        scopes=("predict",),
        tickets=tickets,
    )
