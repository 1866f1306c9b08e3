"""An issuer's public keys: found by its discovery document, kept for a while, fetched again not too often."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from infra.tokens.refusals import IssuerUnavailable, UnknownKey

PublicKey = RSAKey | ECKey | OKPKey

_KEY_TYPES: dict[str, type[RSAKey] | type[ECKey] | type[OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
_PRIVATE_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_ANSWER_LIMIT = 256 * 1024


class IssuerKeys:
    """The signing keys of one issuer."""

    def __init__(
        self,
        issuer_url: str,
        *,
        address: str = "",
        fresh_seconds: float = 300.0,
        stale_seconds: float = 3600.0,
        pause_seconds: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Know the keys of ``issuer_url``.

        The issuer is asked at ``address`` if its own name for itself leads nowhere from here. Keys older than
        ``fresh_seconds`` are fetched again; while that fails they are trusted up to ``stale_seconds``.
        Two fetches are at least ``pause_seconds`` apart, whatever tokens come.
        """
        self._issuer_url = issuer_url
        self._address = address
        self._fresh_seconds = fresh_seconds
        self._stale_seconds = stale_seconds
        self._pause_seconds = pause_seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._keys: dict[str, PublicKey] = {}
        self._fetched = self._attempted = float("-inf")
        self._problem = ""

    def key(self, kid: str) -> PublicKey:
        """Return the key with this id.

        Raises:
            UnknownKey: if the issuer has none.
            IssuerUnavailable: if no keys can be had that are young enough to trust.
        """
        if not self._answers_for(kid):
            with self._lock:
                if not self._answers_for(kid):
                    self._refresh()
        if self._age() > self._stale_seconds:
            raise IssuerUnavailable(self._issuer_url, self._problem)
        try:
            return self._keys[kid]
        except KeyError:
            raise UnknownKey("The token is signed with a key that its issuer does not have.") from None

    def _answers_for(self, kid: str) -> bool:
        return kid in self._keys and self._age() <= self._fresh_seconds

    def _age(self) -> float:
        return self._monotonic() - self._fetched

    def _refresh(self) -> None:
        if self._monotonic() - self._attempted < self._pause_seconds:
            return
        self._attempted = self._monotonic()
        try:
            self._keys = _fetch(self._issuer_url, self._address)
            self._fetched = self._monotonic()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError) as error:
            self._problem = f"{type(error).__name__}: {error}"


def reached(url: str, issuer_url: str, address: str) -> str:
    """Return where ``url``, which lies below ``issuer_url``, is asked for: below ``address``, if there is one."""
    return address.rstrip("/") + url.removeprefix(issuer_url.rstrip("/")) if address else url


def discovery(issuer_url: str) -> str:
    """Return where an issuer says what it has, and where."""
    return f"{issuer_url.rstrip('/')}/.well-known/openid-configuration"


def _fetch(issuer_url: str, address: str) -> dict[str, PublicKey]:
    with httpx.Client(timeout=3.0, follow_redirects=False) as client:
        found = read_json(client, reached(discovery(issuer_url), issuer_url, address))
        if found["issuer"] != issuer_url:
            raise ValueError(f"its discovery document is that of the issuer {found['issuer']!r}")
        jwks_uri = str(found["jwks_uri"])
        if urlsplit(issuer_url).scheme == "https" and urlsplit(jwks_uri).scheme != "https":
            raise ValueError("its discovery document sends us from https to a plain address for the keys")
        return _usable(read_json(client, reached(jwks_uri, issuer_url, address))["keys"])


def read_json(client: httpx.Client, url: str) -> dict[str, Any]:
    """Return the JSON object at ``url``, which may not be endless.

    Raises:
        httpx.HTTPError: if it does not answer with success.
        ValueError: if what comes is too long, or no JSON object.
    """
    with client.stream("GET", url) as response:
        response.raise_for_status()
        body = b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _ANSWER_LIMIT:
                raise ValueError(f"{url} answers with more than {_ANSWER_LIMIT} bytes")
    parsed = json.loads(body)
    if not isinstance(parsed, dict):
        raise ValueError(f"{url} does not answer with a JSON object")
    return parsed


def _usable(published: object) -> dict[str, PublicKey]:
    """Return the public signature keys by id; passes over what is of another use or kind, as RFC 7517 asks."""
    if not isinstance(published, list):
        raise ValueError("what it publishes as keys is no list")
    keys: dict[str, PublicKey] = {}
    for stated in published:
        if not isinstance(stated, dict):
            continue
        kind = _KEY_TYPES.get(str(stated.get("kty")))
        if kind is None or stated.get("use", "sig") != "sig" or not isinstance(stated.get("kid"), str):
            continue
        public = {name: part for name, part in stated.items() if name not in _PRIVATE_PARTS}
        try:
            keys[stated["kid"]] = kind.import_key(public)
        except (JoseError, ValueError):
            continue
    return keys
