"""The issuer's key, and the tokens that it signs."""

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from contracts.errors import Misconfigured
from infra.clock import Clock
from infra.local.issuer.files import write_private
from infra.tokens.refusals import UnknownKey

ALGORITHM = "RS256"


class Signer:
    """Signs access tokens (RFC 9068) with one key, which stays the same from one start to the next."""

    def __init__(self, key: RSAKey, issuer_url: str, clock: Clock) -> None:
        self._key = key
        self._issuer_url = issuer_url
        self._clock = clock

    @classmethod
    def open(cls, folder: Path, issuer_url: str, clock: Clock) -> Self:
        """Return the signer whose key lies in ``folder``; the first call makes it.

        Raises:
            Misconfigured: if the file is not a key.
        """
        path = folder / "key.json"
        if not path.exists():
            key = RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
            write_private(path, json.dumps(key.as_dict(private=True)).encode())
        try:
            return cls(RSAKey.import_key(json.loads(path.read_bytes())), issuer_url, clock)
        except (JoseError, TypeError, ValueError):
            raise Misconfigured(f"{path} is no signing key; remove it to get a new one") from None

    def public_keys(self) -> dict[str, Any]:
        """Return the JWKS document."""
        return {"keys": [dict(self._key.as_dict(private=False))]}

    def key(self, kid: str) -> RSAKey:
        """Return the public key with this id, to check tokens of one's own.

        Raises:
            UnknownKey: if there is none.
        """
        if kid != self._key.kid:
            raise UnknownKey("The token is signed with a key that this issuer does not have.")
        return RSAKey.import_key(self._key.as_dict(private=False))

    def access_token(self, subject: str, client_id: str, audience: str, seconds: int, **allowed: object) -> str:
        """Return a token that lets ``subject`` do at ``audience``, for so long, what the claims in ``allowed`` say."""
        now = int(self._clock().timestamp())
        claims: Mapping[str, Any] = {
            "iss": self._issuer_url,
            "sub": subject,
            "aud": audience,
            "client_id": client_id,
            **allowed,
            "iat": now,
            "exp": now + seconds,
            "jti": str(uuid.uuid4()),
        }
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        return jwt.encode(header, dict(claims), self._key, algorithms=[ALGORITHM], default_type=None)
