"""Logging people in at an OIDC issuer: its authorization code flow with PKCE (RFC 6749 4.1, 7636, 9207)."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client

from infra.tokens.checker import Caller, TokenChecker
from infra.tokens.client import endpoint_of
from infra.tokens.keys import reached
from infra.tokens.refusals import IssuerUnavailable, TokenMalformed, TokenRequestRefused

_PATIENCE = 5.0


@dataclass(frozen=True)
class Begun:
    """A log-in under way: what the browser that began it, and only that one, has to bring back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Begun":
        """Return one that nobody can guess."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


class CodeFlow:
    """The platform's page as a client of one issuer."""

    def __init__(  # noqa: PLR0913 - what a client is known by
        self,
        checker: TokenChecker,
        issuer_url: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        *,
        scopes: str = "openid profile email",
        address: str = "",
    ) -> None:
        """``checker`` checks ID tokens, which are for ``client_id``; without a secret, the client is a public one.

        The issuer is asked at ``address``, if its own name for itself leads nowhere from here; browsers go by its name.
        """
        self._checker = checker
        self._issuer_url = issuer_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._scopes = scopes
        self._address = address

    def address_to_log_in(self, begun: Begun) -> str:
        """Return where a person goes to say who they are; it asks the issuer, so call it from a thread.

        Raises:
            IssuerUnavailable: if the issuer does not say where that is.
        """
        endpoint = endpoint_of(self._issuer_url, "authorization_endpoint", self._address)
        with self._client() as client:
            url, _ = client.create_authorization_url(
                endpoint, begun.state, code_verifier=begun.verifier, nonce=begun.nonce
            )
        return str(url)

    def finish(self, begun: Begun, answer: Mapping[str, str]) -> Caller:
        """Return who came back with ``answer``, the issuer's query; it asks the issuer, so call it from a thread.

        Raises:
            TokenRequestRefused: if the issuer said no, or this is not the answer to what was begun.
            TokenRefused: if the ID token is not to be believed.
            IssuerUnavailable: if the issuer does not answer.
        """
        if not _same(answer.get("state", ""), begun.state):
            raise self._refused("state_mismatch", "This is not the answer to the log-in that this browser began.")
        if answer.get("iss", self._issuer_url) != self._issuer_url:
            raise self._refused("issuer_mismatch", "Another issuer answered.")
        if "error" in answer:
            raise self._refused(answer["error"], answer.get("error_description", ""))
        token = self._exchanged(answer.get("code", ""), begun.verifier).get("id_token")
        claims = self._checker.claims(token if isinstance(token, str) else None)
        if not _same(str(claims.get("nonce", "")), begun.nonce):
            raise TokenMalformed("The ID token is not the one of this log-in.")
        if claims.get("azp", self._client_id) != self._client_id:
            raise TokenMalformed("The ID token was made for another client.")
        return self._checker.caller(claims)

    def _exchanged(self, code: str, verifier: str) -> dict[str, Any]:
        named = endpoint_of(self._issuer_url, "token_endpoint", self._address)
        endpoint = reached(named, self._issuer_url, self._address)
        try:
            with self._client() as client:
                return dict(client.fetch_token(endpoint, code=code, code_verifier=verifier))
        except AuthlibBaseError as error:
            raise self._refused(str(error.error), str(error.description or "")) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise IssuerUnavailable(self._issuer_url, f"{type(error).__name__}: {error}") from None

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self._client_id,
            self._client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if self._client_secret else "none",
            scope=self._scopes,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=_PATIENCE,
        )

    def _refused(self, error: str, description: str) -> TokenRequestRefused:
        return TokenRequestRefused(self._issuer_url, error, description)


def _same(told: str, known: str) -> bool:
    """Compare in a time that tells nothing; what is told may be any text."""
    return hmac.compare_digest(told.encode(), known.encode())
