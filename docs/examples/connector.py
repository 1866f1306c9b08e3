"""A connector for Trackside: rows of an HTTP address that answers with a JSON list of objects.

Installed by a package of its own, which names it under the entry point ``trackside.sources``.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pyarrow as pa
from pydantic import Field, SecretStr

from contracts.errors import Refusal, Unavailable
from services.ingest.sources import Credentials, Options, Rows


class ApiOptions(Options):
    """What is read."""

    url: str = Field(pattern="^https?://", examples=["https://api.example/rows"])
    """The address, which answers with a JSON list of objects."""

    @property
    def where(self) -> str:
        """Return the address."""
        return self.url


class ApiCredentials(Credentials):
    """Who reads."""

    token: SecretStr
    """Sent as a bearer token."""


class TokenRefused(Refusal):
    """The address does not take the token."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} does not take the token.", "Ask its owner for another, and store that.")


class NotRead(Refusal):
    """The address answers, and not with rows."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url} cannot be read: {problem}.", "Check the address in a browser.")


class ApiSource:
    """Reads a JSON list over HTTP."""

    kind: ClassVar[str] = "api"
    summary: ClassVar[str] = "A JSON list of objects over HTTP."
    options: ClassVar[type[Options]] = ApiOptions
    credentials: ClassVar[type[Credentials] | None] = ApiCredentials

    @contextmanager
    def open(self, options: ApiOptions, credentials: ApiCredentials | None) -> Iterator[Rows]:
        """Hold the list until the context ends."""
        request = urllib.request.Request(options.url)  # noqa: S310 - the options take no other scheme
        if credentials is not None:
            request.add_header("Authorization", f"Bearer {credentials.token.get_secret_value()}")
        body, etag = _answer(request, options.url)
        try:
            table = pa.Table.from_pylist(json.loads(body))
        except (ValueError, TypeError, pa.ArrowException):
            raise NotRead(options.url, "it is no JSON list of objects whose values agree") from None
        # Nothing else counts the rows here; the ETag tells that they changed, if the server sends one.
        yield Rows(table.schema, iter(table.to_batches()), lambda: None, identity=etag)


def _answer(request: urllib.request.Request, url: str) -> tuple[bytes, str | None]:
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return response.read(), response.headers.get("ETag")
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (401, 403):
            raise TokenRefused(url) from None
        if error.code >= 500 or error.code == 429:
            raise Unavailable(f"{url} answers {error.code}") from None
        raise NotRead(url, f"it answers {error.code}") from None
    except OSError:
        raise Unavailable(f"{url} does not answer") from None
