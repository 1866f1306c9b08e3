"""An issuer at which people log in: what it does as it should, and what a test makes it do."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from infra.clock import utc_now
from tests.builders.issuers import answering
from tests.builders.tokens import rsa_key, signed

CLIENT = "trackside-ui"
PASSWORD = "guess-me-not"


class PeopleIssuer:
    """Lets in whoever comes, as ``person``; a code is good once, for whoever knows the verifier and the secret."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.key = rsa_key()
        self.person: dict[str, Any] = {"sub": "ann", "roles": ["editor"]}
        """What is claimed of a person."""
        self.forged: dict[str, Any] = {}
        """Claims of the ID token that are not as they should be."""
        self.answered: dict[str, str] = {}
        """What is said to the browser in place of what should be."""
        self.asked: dict[str, str] = {}
        """What the page asked for the last time."""
        self._codes: dict[str, dict[str, str]] = {}

    def discovery(self) -> dict[str, Any]:
        """Say where everything is."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser is sent back to."""
        self.asked = query
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        answer = {"code": code, "state": query["state"], "iss": self.url, **self.answered}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return the answer to a code."""
        known = self._codes.pop(form.get("code", ""), None)
        if base64.b64decode(authorization.removeprefix("Basic ")).decode() != f"{CLIENT}:{PASSWORD}":
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if known is None or known["code_challenge"] != challenge or known["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant", "error_description": "Not this code."}
        now = int(utc_now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT, "nonce": known["nonce"], "iat": now, "exp": now + 60, "scope": None}
        token = signed(self.key, {"typ": "JWT"}, **{**claims, **self.person, **self.forged})
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}


@contextmanager
def people_issuer() -> Iterator[PeopleIssuer]:
    """Run the issuer on a free port."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", issuer.authorize(dict(parse_qsl(parts.query))))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/jwks":
                self._say(200, {"keys": [dict(issuer.key.as_dict(private=False))]})
            else:
                self._say(200, issuer.discovery())

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self._say(*issuer.token(form, self.headers.get("Authorization", "")))

        def _say(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    with answering(Answers) as port:
        issuer = PeopleIssuer(port)
        yield issuer
