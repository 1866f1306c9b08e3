"""What the page's server signs for browsers to keep: who is logged in, and which log-in is under way."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from contracts.grants import granted_to
from infra.clock import Clock
from infra.tokens import Caller
from infra.tokens.refusals import TokenExpired, TokenMalformed

_ALGORITHM = "HS256"
_SESSION = "session"


class Sessions:
    """Signs with a key that is made from a secret, so that a restart, or a second server, knows the sessions again."""

    def __init__(self, secret: str, seconds: int, clock: Clock) -> None:
        """Sessions last for ``seconds``. Without a secret the key is a new one, and a restart ends all sessions."""
        known = b"trackside page\0" + secret.encode() if secret else secrets.token_bytes(32)
        self._key = OctKey.import_key(hashlib.sha256(known).digest())
        self.seconds = seconds
        self._clock = clock

    def issue(self, person: Caller) -> str:
        """Return the session of a person who has said who they are."""
        return self.sealed(_SESSION, self.seconds, {"sub": person.subject, "roles": sorted(person.roles)})

    def check(self, token: str | None) -> Caller:
        """Return whose session this is.

        Raises:
            TokenRefused: if it is none, or is over.
        """
        claims = self.opened(_SESSION, token)
        roles = frozenset(claims["roles"])
        return Caller(claims["sub"], granted_to(roles, ()), claims["exp"], roles)

    def sealed(self, kind: str, seconds: int, said: Mapping[str, Any]) -> str:
        """Return ``said``, signed, to be opened as this ``kind`` for so long."""
        claims = {**said, "exp": int(self._clock().timestamp()) + seconds}
        return jwt.encode({"alg": _ALGORITHM, "typ": kind}, claims, self._key, algorithms=[_ALGORITHM])

    def opened(self, kind: str, token: str | None) -> dict[str, Any]:
        """Return what was sealed as this kind.

        Raises:
            TokenRefused: if it was not sealed here, is of another kind, or too old.
        """
        try:
            found = jwt.decode(token or "", self._key, algorithms=[_ALGORITHM])
        except (JoseError, ValueError):
            raise TokenMalformed("It was not signed by this page's server.") from None
        if found.header.get("typ") != kind:
            raise TokenMalformed(f"It is no {kind}.")
        if found.claims["exp"] <= self._clock().timestamp():
            raise TokenExpired("It is too old.")
        return dict(found.claims)
