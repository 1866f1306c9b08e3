"""Who may use which route: each HTTP API states its rules, and its routes and their guard are made of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import MethodType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope


@dataclass(frozen=True)
class Rule:
    """One route, what answers there, and what whoever asks must hold."""

    method: str
    path: str
    """With names for its parts, as Starlette writes them: ``/facts/{key}``."""
    handler: Callable[[Any, Request], Awaitable[Response]]
    """A method of the API."""
    needs: str
    """The grant that the token must have; OPEN for everybody. One with a part in braces, as in ``send:{command}``, is
    completed by what the request says, so the handler asks for it, and the guard for a good token only."""
    basic: bool = False
    """Whether the token may come as the password of HTTP's Basic scheme too, which is all that Git's clients know."""

    @property
    def is_completed(self) -> bool:
        """Return whether the handler completes what is needed."""
        return "{" in self.needs


class Policy:
    """The rules of one API, bound to the object whose methods they name."""

    def __init__(self, api: object, rules: Sequence[Rule]) -> None:
        self._rules = [(Route(rule.path, MethodType(rule.handler, api), methods=[rule.method]), rule) for rule in rules]

    def joined(self, other: "Policy") -> "Policy":
        """Return the rules of both, these first."""
        both = Policy(None, ())
        both._rules = [*self._rules, *other._rules]
        return both

    @property
    def routes(self) -> list[Route]:
        """Return one route for each rule."""
        return [route for route, _ in self._rules]

    def rule_of(self, scope: Scope) -> Rule | None:
        """Return the rule of a request, found as the router finds its route; None for one that leads nowhere."""
        return next((rule for route, rule in self._rules if route.matches(scope)[0] is Match.FULL), None)
