"""Checks an access token: who signed it, for whom, when, and what it allows (RFC 7519, 8725 and 9068)."""

import base64
import binascii
import json
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError

from contracts.errors import Misconfigured
from contracts.grants import ROLES, allows, granted_to
from infra.clock import Clock, utc_now
from infra.tokens.keys import IssuerKeys, PublicKey
from infra.tokens.refusals import (
    AlgorithmRefused,
    ClaimMissing,
    GrantMissing,
    HeaderRefused,
    SignatureWrong,
    TokenExpired,
    TokenMalformed,
    TokenMissing,
    TokenNotYetValid,
    TokenTooLarge,
    UnknownKey,
    WrongAudience,
    WrongIssuer,
    WrongType,
)

ASYMMETRIC = ("RS256", "ES256", "PS256", "Ed25519", "EdDSA")
"""Algorithms that may be allowed; a shared secret never is, for the issuer's public key is no secret."""

_TOKEN_LIMIT = 8192
_LEEWAY_SECONDS = 5
_OWN_KEY_HEADERS = ("jku", "jwk", "x5u", "x5c")


@dataclass(frozen=True)
class Caller:
    """Who holds a token that was accepted."""

    subject: str
    grants: frozenset[str]
    """What the token allows; see contracts/grants.py."""
    expires_at: int
    """Seconds since 1970."""
    roles: frozenset[str] = frozenset()
    """Roles of the platform's that the issuer gives a person; none for a program."""

    def is_over(self, now: datetime) -> bool:
        """Return whether the token's time is over."""
        return self.expires_at <= now.timestamp()

    def need(self, grant: str) -> None:
        """Raise GrantMissing if the token does not allow this."""
        if not allows(self.grants, grant):
            raise GrantMissing(grant, self.roles)


class Keys(Protocol):
    """An issuer's public keys by id."""

    def key(self, kid: str) -> PublicKey:
        """Return the key with this id, or raise UnknownKey."""


class TokenChecker:
    """Accepts the access tokens of one issuer for one audience."""

    def __init__(  # noqa: PLR0913 - what an issuer may do in its own way
        self,
        issuer_url: str,
        audience: str,
        algorithms: Collection[str] = ("RS256", "ES256"),
        *,
        types: Collection[str] = ("at+jwt",),
        clock: Clock = utc_now,
        keys: Keys | None = None,
        role_claim: str = "roles",
    ) -> None:
        """Check against ``issuer_url``, the exact ``iss`` of its tokens, below which its discovery document lies.

        ``types`` are the ``typ`` headers of an access token; some issuers write ``JWT`` where RFC 9068 says ``at+jwt``.
        ``role_claim`` is where a person's roles stand, with dots between names within names.

        Raises:
            Misconfigured: if an algorithm is not asymmetric.
        """
        if refused := sorted(set(algorithms) - set(ASYMMETRIC)):
            raise Misconfigured(f"token algorithms {', '.join(refused)} cannot be allowed; choose among {ASYMMETRIC}")
        self._issuer_url = issuer_url
        self._audience = audience
        self._algorithms = frozenset(algorithms)
        self._types = frozenset(kind.lower() for kind in types)
        self._clock = clock
        self._role_claim = role_claim
        self._keys = IssuerKeys(issuer_url) if keys is None else keys

    def check(self, token: str | None) -> Caller:
        """Return who holds the access token; may ask the issuer for its keys, so call it from a thread.

        Raises:
            TokenRefused: a subclass says why.
            IssuerUnavailable: if the issuer's keys cannot be had.
        """
        claims = self.claims(token)
        if "nonce" in claims or "at_hash" in claims:
            raise WrongType("The token is an ID token, no access token.")
        return self.caller(claims)

    def caller(self, claims: Mapping[str, Any]) -> Caller:
        """Return whom claims that were checked are about."""
        roles = _texts(_found(claims, self._role_claim)).intersection(ROLES)
        grants = granted_to(roles, _texts(claims.get("scope", claims.get("scp"))))
        return Caller(claims["sub"], grants, int(claims["exp"]), roles)

    def claims(self, token: str | None) -> dict[str, Any]:
        """Return what the token says, once it is known who signed it, for whom, and that it is good now.

        Raises:
            TokenRefused: a subclass says why.
            IssuerUnavailable: if the issuer's keys cannot be had.
        """
        if not token:
            raise TokenMissing("No bearer token came with the request.")
        if len(token) > _TOKEN_LIMIT:
            raise TokenTooLarge(f"The token is longer than {_TOKEN_LIMIT} characters.")
        header = _part(token, 0)
        algorithm = self._algorithm_of(header)
        key = self._keys.key(_kid_of(header))
        claims = _json(_verified(token, key, algorithm))
        self._check_claims(claims)
        return claims

    def _algorithm_of(self, header: dict[str, Any]) -> str:
        algorithm = header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in self._algorithms:
            raise AlgorithmRefused(f"The token's algorithm is none of {', '.join(sorted(self._algorithms))}.")
        if present := [name for name in (*_OWN_KEY_HEADERS, "crit", "b64") if name in header]:
            raise HeaderRefused(f"The token's header has {present[0]}, which is not accepted.")
        kind = str(header.get("typ", "")).lower().removeprefix("application/")
        if kind not in self._types:
            raise WrongType(f"The token's typ is none of {', '.join(sorted(self._types))}: it is no access token.")
        return algorithm

    def _check_claims(self, claims: dict[str, Any]) -> None:
        for name in ("iss", "aud", "sub", "exp"):
            if claims.get(name) is None:
                raise ClaimMissing(f"The token has no {name}.")
        if claims["iss"] != self._issuer_url:
            raise WrongIssuer(f"The token is not from the issuer {self._issuer_url}.")
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if self._audience not in audience:
            raise WrongAudience(f"The token is not for the audience {self._audience}.")
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise TokenMalformed("The token's sub is no text.")
        self._check_times(claims)

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = self._clock().timestamp()
        if _time(claims, "exp") <= now - _LEEWAY_SECONDS:
            raise TokenExpired("The token has expired; get a new one.")
        for name in ("nbf", "iat"):
            if name in claims and _time(claims, name) > now + _LEEWAY_SECONDS:
                raise TokenNotYetValid("The token is not valid yet; do the clocks agree?")


def _part(token: str, index: int) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise TokenMalformed("The token is not a signed JWT of three parts.")
    try:
        padded = parts[index].encode("ascii") + b"=" * (-len(parts[index]) % 4)
        return _json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error):
        raise TokenMalformed("The token is not base64url.") from None


def _json(data: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(data, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise TokenMalformed("A part of the token is not JSON, or says one thing twice.") from None
    if not isinstance(parsed, dict):
        raise TokenMalformed("A part of the token is not a JSON object.")
    return parsed


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice")
    return named


def _no_number(literal: str) -> Any:
    raise ValueError(f"{literal} is no JSON number")


def _kid_of(header: dict[str, Any]) -> str:
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise UnknownKey("The token does not say which of its issuer's keys signed it.")
    return kid


def _verified(token: str, key: PublicKey, algorithm: str) -> bytes:
    stated: Callable[[str], object] = key.as_dict(private=False).get
    if stated("alg") not in (None, algorithm):
        raise AlgorithmRefused("The token's algorithm is not the one that its key is for.")
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    try:
        return jws.deserialize_compact(token, key, registry=registry).payload
    except BadSignatureError:
        raise SignatureWrong("The token's signature is not its issuer's.") from None
    except (JoseError, ValueError) as error:
        raise TokenMalformed(f"The token cannot be read: {type(error).__name__}.") from None


def _found(claims: Mapping[str, Any], path: str) -> Any:
    """Return what lies in the claims at a path such as ``realm_access.roles``; a claim of that whole name is first."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _texts(stated: Any) -> frozenset[str]:
    """Return the words that a claim states, as a list or divided by spaces."""
    if isinstance(stated, str):
        return frozenset(stated.split())
    return frozenset(word for word in stated if isinstance(word, str)) if isinstance(stated, list) else frozenset()


def _time(claims: dict[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TokenMalformed(f"The token's {name} is no number.")
    return value
