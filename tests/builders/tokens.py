"""Tokens as an issuer signs them, and as an attacker would like them to be."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from infra.tokens.refusals import UnknownKey

ISSUER = "http://127.0.0.1:9999"
AUDIENCE = "trackside-serving"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def rsa_key(kid: str = "key-1") -> RSAKey:
    """Return a new RSA signing key."""
    return RSAKey.generate_key(2048, {"use": "sig", "kid": kid})


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of a good access token; a change to None leaves the claim out."""
    now = int(NOW.timestamp())
    good = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ana", "scope": "predict", "iat": now, "exp": now + 60}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(key: RSAKey | ECKey, header: Mapping[str, Any] | None = None, alg: str = "RS256", **changes: Any) -> str:
    """Return a token signed by ``key``, with changes to its claims and header."""
    full = {"alg": alg, "typ": "at+jwt", "kid": key.kid, **(header or {})}
    return jwt.encode(
        full,
        claims(**changes),
        key,
        algorithms=[alg],
        registry=JWSRegistry(algorithms=[alg], strict_check_header=False),
        default_type=None,
    )


def segment(part: bytes | Mapping[str, Any]) -> str:
    """Return one part of a token: bytes as they are, or an object as JSON."""
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class KnownKeys:
    """An issuer's keys, held in memory."""

    def __init__(self, *keys: RSAKey | ECKey) -> None:
        self.keys = {str(key.kid): type(key).import_key(key.as_dict(private=False)) for key in keys}

    def key(self, kid: str) -> RSAKey | ECKey:
        """Return the public key with this id."""
        if kid not in self.keys:
            raise UnknownKey("The token is signed with a key that its issuer does not have.")
        return self.keys[kid]
