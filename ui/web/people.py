"""People log in at the issuer that programs get their tokens from: by code and PKCE."""

import asyncio
import re
from dataclasses import asdict

from contracts.grants import ROLES
from infra.tokens import IssuerUnavailable, TokenRefused, TokenRequestRefused
from infra.tokens.code_flow import Begun, CodeFlow
from ui.web.login import Door
from ui.web.sessions import Sessions

_UNDER_WAY = "log-in"
_MOST_SECONDS = 600
"""How long a person may take to log in."""


class IssuerLogin(Door):
    """Sends people to the issuer, and takes them in when they come back."""

    flow: CodeFlow
    sessions: Sessions
    role_claim: str

    async def enter(self) -> None:
        """Begin a log-in, or finish the one that this answers."""
        try:
            if "state" in self.request.query_arguments:
                await self._finish()
            else:
                await self._begin()
        except TokenRequestRefused as refused:
            self.refuse(str(refused), "Try again: open the page.")
        except TokenRefused as refused:
            self.refuse(refused.cause, "Try again: open the page.")
        except IssuerUnavailable as error:
            self.refuse(f"{error}.", "Wait a moment, then try again.", status=503)

    async def _begin(self) -> None:
        begun = Begun.new()
        url = await asyncio.to_thread(self.flow.address_to_log_in, begun)
        kept = {**asdict(begun), "next": _on_the_page(self.get_query_argument("next", "/"))}
        self.guard.keep(self, _UNDER_WAY, self.sessions.sealed(_UNDER_WAY, _MOST_SECONDS, kept), _MOST_SECONDS)
        self.redirect(url)

    async def _finish(self) -> None:
        kept = self.sessions.opened(_UNDER_WAY, self.guard.kept(self, _UNDER_WAY))
        self.guard.keep(self, _UNDER_WAY, "", 0)
        begun = Begun(kept["state"], kept["nonce"], kept["verifier"])
        answer = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        person = await asyncio.to_thread(self.flow.finish, begun, answer)
        if not person.roles:
            cause = f"Your issuer gives {person.subject} no role of this platform in the claim {self.role_claim}."
            self.refuse(cause, f"The roles are: {', '.join(ROLES)}. UI_ROLE_CLAIM says where they stand.", status=403)
            return
        self.guard.admit(self, self.sessions.issue(person), self.sessions.seconds)
        self.redirect(kept["next"])


def _on_the_page(wished: str) -> str:
    """Return where a person wanted to go, if that is a place on the page and nowhere else."""
    return wished if re.fullmatch(r"/(\?[\w=&%.-]*)?", wished) else "/"
