"""The page of who may do what over HTTP."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.grants import GRANTS, ROLES, allows
from docs.generator.tables import code, page, table
from infra.http.needs import OPEN, PASS, SECRET, TICKET
from infra.http.policy import Rule
from infra.local.issuer.app import RULES as ISSUER
from services.ingest.api.lfs import RULES as LFS
from services.ingest.api.routes import RULES as INGEST
from services.serving.api.routes import RULES as SERVING
from ui.web.actions import NEEDS
from ui.web.policy import RULES as PAGE
from ui.web.policy import PageRule

_PLACES: tuple[tuple[str, Sequence[Rule | PageRule]], ...] = (
    ("Serving", SERVING),
    ("Event ingress", (*INGEST, *LFS)),
    ("Page", PAGE),
    ("Issuer", ISSUER),
)


@dataclass(frozen=True)
class Row:
    """What is needed at one route, and which roles have it."""

    route: str
    needs: str
    roles: tuple[str, ...]


def policy_page() -> str:
    """Return the page of every route, and of every action at the page, with what each needs."""
    return page(
        "# Who may do what over HTTP",
        "[Who may do what on the bus](events/identities.md)",
        "A token allows what it was granted, and a route asks for one grant. A program's token names its grants as "
        "scopes. A person's token names roles in the claim that `..._ROLE_CLAIM` says; scopes beside a role narrow "
        "it. A route that is not listed here asks for a token, and then does not exist.",
        "## Roles of people",
        table(["Grant", *ROLES], ([code(grant), *_marks(_holding(grant))] for grant in GRANTS)),
        *(part for name, rules in _PLACES for part in (f"## {name}", _table("Route", map(_row, rules)))),
        "## Actions at the page",
        _table("Action", (Row(code(action), code(needed), _holding(needed)) for action, needed in NEEDS.items())),
        "MLflow and nats-server's own ports are not among these. MLflow has no log-in: it listens on loopback, or "
        "inside the network of the containers, only. nats-server asks each connection for a key of its own.",
    )


def _row(rule: Rule | PageRule) -> Row:
    route = code(f"{rule.method} {re.sub(r'[$?]+$', '', rule.path)}")
    if rule.needs == OPEN:
        return Row(route, "nothing", tuple(ROLES))
    if rule.needs in (PASS, SECRET, TICKET):
        return Row(route, rule.needs, ())
    return Row(route, code(rule.needs), _holding(rule.needs))


def _holding(needed: str) -> tuple[str, ...]:
    return tuple(role for role, grants in ROLES.items() if allows(grants, needed))


def _table(what: str, rows: Iterable[Row]) -> str:
    return table([what, "Needs", *ROLES], ([row.route, row.needs, *_marks(row.roles)] for row in rows))


def _marks(roles: Iterable[str]) -> list[str]:
    held = set(roles)
    return ["yes" if role in held else "" for role in ROLES]
