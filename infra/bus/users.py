"""Users of nats-server as its configuration has them: a key, and the lists of what it may do."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from contracts.identities import identity_of
from contracts.permissions import Permissions, permissions, publisher_permissions
from contracts.publishers import PublisherAdded

_USER = '  {{ nkey: "{nkey}", permissions: {permissions} }}  # {name}\n'


def platform_users(keys: Mapping[str, str]) -> str:
    """Return the users of the platform's own processes (name to public nkey), each with what its contract says."""
    return "".join(_user(name, key, permissions(name, identity_of(name))) for name, key in keys.items())


def outside_users(cards: Iterable[PublisherAdded]) -> str:
    """Return the users of the publishers that are let in."""
    return "".join(_user(f"outside {card.name}", card.nkey, publisher_permissions(card)) for card in cards)


def write_users(path: Path, *users: str) -> None:
    """Write the list of users that the configuration includes, whole or not at all."""
    unfinished = path.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "w") as file:
        file.write("users: [\n" + "".join(users) + "]\n")
    unfinished.replace(path)


def _user(name: str, nkey: str, lists: Permissions) -> str:
    permitted = {
        "publish": {"allow": lists.publish, "deny": lists.not_publish},
        "subscribe": {"allow": lists.subscribe},
        "allow_responses": lists.responds,
    }
    return _USER.format(name=name, nkey=nkey, permissions=json.dumps(permitted))
