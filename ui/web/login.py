"""Who may see the page: whoever holds a token of the issuer that is meant for the page.

A one-time link brings it: ``/login?ticket=...`` is redeemed at the issuer, and the token becomes the session's cookie.
The token is signed by the issuer and checked on every request and every websocket, so nothing is kept here.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from bokeh.server.auth_provider import AuthProvider
from tornado.web import RequestHandler

from contracts.grants import VIEW, allows
from infra.tokens import Caller, IssuerUnavailable, TokenRefused, TokenRequestRefused, redeem_ticket
from ui.web.notice import notice

_NEW_LINK = "“trackside page” prints a new one."


class Checks(Protocol):
    """Knows a session again."""

    def check(self, token: str | None) -> Caller:
        """Return whose it is; raise TokenRefused, or IssuerUnavailable."""


class Guard:
    """Knows a person by the cookie of their session."""

    def __init__(self, checker: Checks, address: str) -> None:
        self.address = address
        self._checker = checker
        self._secure = address.startswith("https://")
        # Cookies know no ports: two platforms on one machine would log each other out under one name.
        self._cookie = f"trackside_{urlsplit(address).port or 443}"

    async def person(self, handler: RequestHandler) -> Caller | None:
        """Return who sends this request, or None if the session is missing or over."""
        token = handler.get_cookie(self._cookie)
        return await asyncio.to_thread(self._caller, token) if token else None

    def person_of(self, cookies: Mapping[str, str]) -> Caller | None:
        """Return who came with these cookies, as ``person`` does; call it where the issuer was asked just before."""
        token = cookies.get(self._cookie)
        return self._caller(token) if token else None

    def admit(self, handler: RequestHandler, token: str, seconds: int) -> None:
        """Make ``token`` the session of whoever sent this request."""
        self._set(handler, self._cookie, token, seconds)

    def keep(self, handler: RequestHandler, what: str, token: str, seconds: int) -> None:
        """Let the browser keep something for so long, beside its session."""
        self._set(handler, f"{self._cookie}_{what}", token, seconds)

    def kept(self, handler: RequestHandler, what: str) -> str | None:
        """Return what the browser was to keep."""
        return handler.get_cookie(f"{self._cookie}_{what}")

    def _set(self, handler: RequestHandler, name: str, token: str, seconds: int) -> None:
        handler.set_cookie(name, token, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=self._secure)

    def _caller(self, token: str) -> Caller | None:
        try:
            return self._checker.check(token)
        except (TokenRefused, IssuerUnavailable):
            return None


class Door(RequestHandler, ABC):
    """Where people without a session are sent."""

    guard: Guard

    async def get(self) -> None:
        """Let the person in, or say how to get in."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        if self.request.host != (host := urlsplit(self.guard.address).netloc):
            # Its websocket would be refused, and a cookie of one host is not sent to another.
            self.refuse(
                f"This page was asked for at {self.request.host}, and is served at {host}.",
                "Open it there, or set UI_PUBLIC_URL to the address that people type.",
                status=403,
            )
            return
        await self.enter()

    @abstractmethod
    async def enter(self) -> None:
        """Let in whoever came to the right address."""

    def refuse(self, cause: str, cure: str, status: int = 401) -> None:
        """Say why nobody was let in, and what helps."""
        self.set_status(status)
        self.finish(notice("You are not logged in", f"{cause} {cure}"))


class LinkLogin(Door):
    """The one-time link."""

    issuer_url: str

    async def enter(self) -> None:
        """Redeem the ticket and open the page, or say how to get a new link."""
        try:
            ticket = self.get_argument("ticket", "")
            if not ticket:
                self.refuse("This page opens by a one-time link.", _NEW_LINK)
                return
            session = await asyncio.to_thread(redeem_ticket, self.issuer_url, ticket)
        except TokenRequestRefused:
            self.refuse("This link was used already, or is too old.", _NEW_LINK)
        except IssuerUnavailable:
            self.refuse("The log-in service does not answer yet.", "Wait a moment, then try again.", status=503)
        else:
            self.guard.admit(self, session.access_token, session.expires_in)
            self.redirect("./")


class PageAuth(AuthProvider):  # type: ignore[misc]
    """Bokeh's question, answered by the guard, for the page and for its websocket."""

    def __init__(self, guard: Guard, door: type[Door]) -> None:
        self._guard = guard
        self._door = door
        super().__init__()

    @property
    def get_user(self) -> None:
        """Nothing: asking may take a moment, so it is done asynchronously."""

    @property
    def get_user_async(self) -> Callable[[RequestHandler], Awaitable[str | None]]:
        """Return who asks for the page."""
        return self._subject

    async def _subject(self, handler: RequestHandler) -> str | None:
        person = await self._guard.person(handler)
        return person.subject if person and allows(person.grants, VIEW) else None

    @property
    def login_url(self) -> str:
        """Return where people without a session are sent."""
        return "/login"

    @property
    def get_login_url(self) -> None:
        """Nothing: the address is always the same."""

    @property
    def login_handler(self) -> type[Door]:
        """Return what answers there."""
        return self._door

    @property
    def logout_url(self) -> None:
        """Nothing: a session ends by itself."""

    @property
    def logout_handler(self) -> Any:
        """Nothing: a session ends by itself."""
        return None
