"""Who may see the page: whoever holds a token of the issuer that is meant for the page.

A one-time link brings it: ``/login?ticket=...`` is redeemed at the issuer, and the token becomes the session's cookie.
The token is signed by the issuer and checked on every request and every websocket, so nothing is kept here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bokeh.server.auth_provider import AuthProvider
from tornado.web import RequestHandler

from contracts.grants import VIEW, allows
from infra.tokens import Caller, IssuerUnavailable, TokenChecker, TokenRefused, TokenRequestRefused, redeem_ticket
from ui.web.notice import notice


class Guard:
    """Knows a person by the cookie of their session."""

    def __init__(self, checker: TokenChecker, issuer_url: str, address: str) -> None:
        self.issuer_url = issuer_url
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
        handler.set_cookie(
            self._cookie, token, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=self._secure
        )

    def _caller(self, token: str) -> Caller | None:
        try:
            return self._checker.check(token)
        except (TokenRefused, IssuerUnavailable):
            return None


class Login(RequestHandler):
    """The one-time link."""

    guard: Guard

    async def get(self) -> None:
        """Redeem the ticket and open the page, or say how to get a new link."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        if self.request.host != (host := urlsplit(self.guard.address).netloc):
            # Its websocket would be refused, and a cookie of one host is not sent to another.
            self._refuse(
                f"This page was asked for at {self.request.host}, and is served at {host}.",
                "Open it there, or set UI_PUBLIC_URL to the address that people type.",
                status=403,
            )
            return
        try:
            ticket = self.get_argument("ticket", "")
            if not ticket:
                self._refuse("This page opens by a one-time link.")
                return
            session = await asyncio.to_thread(redeem_ticket, self.guard.issuer_url, ticket)
        except TokenRequestRefused:
            self._refuse("This link was used already, or is too old.")
        except IssuerUnavailable:
            self._refuse("The log-in service does not answer yet.", status=503)
        else:
            self.guard.admit(self, session.access_token, session.expires_in)
            self.redirect("./")

    def _refuse(self, cause: str, cure: str = "“trackside page” prints a new one.", status: int = 401) -> None:
        self.set_status(status)
        self.finish(notice("You are not logged in", f"{cause} {cure}"))


class PageAuth(AuthProvider):  # type: ignore[misc]
    """Bokeh's question, answered by the guard, for the page and for its websocket."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
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
    def login_handler(self) -> type[Login]:
        """Return what answers there."""
        return type("GuardedLogin", (Login,), {"guard": self._guard})

    @property
    def logout_url(self) -> None:
        """Nothing: a session ends by itself."""

    @property
    def logout_handler(self) -> Any:
        """Nothing: a session ends by itself."""
        return None
