"""What a token may allow over HTTP, and what people are let do by the role that their issuer gives them.

A program's token names grants as its scopes. A person's token names roles; each stands for grants.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from contracts.identities import ORDERS
from contracts.message import Command

VIEW = "view"
"""Open the page."""
HEAR = "hear"
"""Read the facts that were stated about a key, and objects of Git LFS."""
PREDICT = "predict"
"""Ask a deployment."""
UPLOAD = "upload"
"""Store a file, for a dataset to be made of, or for Git LFS."""
SEND = "send"
"""Give every command that may come from outside; ``send:NAME`` is for one of them."""
ADMIT = "admit"
"""Let people in."""

ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "viewer": frozenset({VIEW, HEAR, PREDICT}),
        "editor": frozenset({VIEW, HEAR, PREDICT, UPLOAD, SEND}),
        "admin": frozenset({VIEW, HEAR, PREDICT, UPLOAD, SEND, ADMIT}),
    }
)
"""Roles of people, from the one that may least, each with what it grants."""

GRANTS = (VIEW, HEAR, PREDICT, UPLOAD, SEND, *(f"{SEND}:{command.__name__}" for command in ORDERS), ADMIT)
"""Every grant there is."""


def sending(command: type[Command]) -> str:
    """Return the grant to send this command."""
    return f"{SEND}:{command.__name__}"


def allows(granted: Iterable[str], needed: str) -> bool:
    """Return whether one of these grants includes the one that is needed: ``send`` includes each ``send:NAME``."""
    return not {needed, needed.partition(":")[0]}.isdisjoint(granted)


def granted_to(roles: Iterable[str], scopes: Iterable[str]) -> frozenset[str]:
    """Return what a token with these roles and scopes allows.

    Roles that are none of the platform's mean nothing. Without any of them the scopes say all; with one, scopes that
    name grants can only narrow what the role grants, so that a person may hand a program less than they have.
    """
    of_roles = frozenset[str]().union(*(ROLES[role] for role in roles if role in ROLES))
    named = frozenset(scopes).intersection(GRANTS)
    if not of_roles:
        return named
    return frozenset(grant for grant in named if allows(of_roles, grant)) if named else of_roles


def least_role(needed: str) -> str:
    """Return the role that grants this and as little else as can be."""
    return next(role for role, grants in ROLES.items() if allows(grants, needed))
