"""A Git LFS server, asked for the bytes that pointers stand for: its batch API, and the basic transfer."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx

from contracts.errors import Unavailable
from services.ingest.domain.git_errors import LfsObjectMissing, LfsObjectWrong, LfsServerUnknown, RepositoryForbidden
from services.ingest.domain.lfs import Pointer

_MEDIA = "application/vnd.git-lfs+json"
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_REDIRECTS = 5
_AT_A_TIME = 100
"""Objects that are asked for together, as git-lfs does."""
_FRESH_SECONDS = 300.0
"""How long it is believed how an object is had: what lets in ends some time."""
_ANSWER_LIMIT = 1024 * 1024
_DENIED = (401, 403)
_GONE = (404, 410)
_OTHERWISE = 422


class LfsUnavailable(Unavailable):
    """An LFS server does not answer, or not as one."""


@dataclass(frozen=True)
class _Action:
    """How bytes are had."""

    href: str
    header: Mapping[str, str]


class LfsServer:
    """The LFS server of one repository."""

    def __init__(self, url: str, authorization: str | None, ahead: Sequence[Pointer] = ()) -> None:
        """Ask for what is ``ahead`` together, in the order in which it will be read.

        ``authorization`` is the value of the header that proves who is asking; only ``url``'s own host is told.
        """
        self._url = url
        self._authorization = authorization
        self._ahead = list(dict.fromkeys(ahead))
        self._told: dict[str, Any] = {}
        """What was said of objects that were not read since, by their oid."""
        self._told_at = 0.0
        self._client = httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=True, max_redirects=_REDIRECTS)

    def stream(self, name: str, pointer: Pointer) -> Iterator[bytes]:
        """Yield the bytes that a file's pointer stands for; each call asks anew.

        Raises:
            Refusal: if there are none, or others than the pointer says: then at the latest after the last of them.
            LfsUnavailable: if the server does not answer.
        """
        try:
            action = self._action(name, pointer)
            with self._client.stream("GET", action.href, headers=action.header) as answer:
                self._check(answer, name, pointer)
                yield from _proven(answer.iter_raw(), name, pointer)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # Without the chain: a library's text may repeat the address, which may be signed.
            raise LfsUnavailable(f"the LFS server {self._url} failed: {type(error).__name__}") from None

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _action(self, name: str, pointer: Pointer) -> _Action:
        if pointer.oid not in self._told or monotonic() - self._told_at > _FRESH_SECONDS:
            answer = self._batch(self._with_those_behind(pointer))
            try:
                self._told = {str(one["oid"]): one for one in answer["objects"]}
            except (LookupError, TypeError):
                self._told = {}
            self._told_at = monotonic()
        return self._action_in(self._told.pop(pointer.oid, None), name, pointer)

    def _with_those_behind(self, pointer: Pointer) -> list[Pointer]:
        if pointer not in self._ahead:
            return [pointer]
        begin = self._ahead.index(pointer)
        return self._ahead[begin : begin + _AT_A_TIME]

    def _batch(self, pointers: Sequence[Pointer]) -> Any:
        asked = {
            "operation": "download",
            "transfers": ["basic"],
            "hash_algo": "sha256",
            "objects": [{"oid": pointer.oid, "size": pointer.size} for pointer in pointers],
        }
        headers = {"Accept": _MEDIA, "Content-Type": _MEDIA, **self._proof()}
        answer = self._client.post(f"{self._url}/objects/batch", json=asked, headers=headers, follow_redirects=False)
        if answer.status_code in _DENIED:
            raise RepositoryForbidden(self._url, known=self._authorization is not None)
        if answer.status_code in _GONE or answer.is_redirect:
            raise LfsServerUnknown(self._url)
        if not answer.is_success or len(answer.content) > _ANSWER_LIMIT:
            raise LfsUnavailable(f"the LFS server {self._url} answers with {answer.status_code}")
        return answer.json()

    def _action_in(self, told: Any, name: str, pointer: Pointer) -> _Action:
        try:
            if "error" in told:
                code, message = int(told["error"]["code"]), str(told["error"].get("message", ""))[:200]
                if code == _OTHERWISE:
                    raise LfsObjectWrong(name, message.rstrip("."))
                if code in _GONE:
                    raise LfsObjectMissing(name, pointer.oid, message.rstrip(".") or str(code))
                raise LfsUnavailable(f"the LFS server {self._url} answers with {code} for {name}")
            action = told["actions"]["download"]
            header = {str(key): str(value) for key, value in (action.get("header") or {}).items()}
            href, proven = str(action["href"]), bool(told.get("authenticated"))
        except (LookupError, TypeError, AttributeError, ValueError):
            raise LfsUnavailable(f"the LFS server {self._url} answers {name} as none does") from None
        if urlsplit(self._url).scheme == "https" and urlsplit(href).scheme != "https":
            raise LfsUnavailable(f"the LFS server {self._url} sends from https to a plain address")
        if not proven and "authorization" not in map(str.lower, header) and _origin(href) == _origin(self._url):
            header |= self._proof()
        return _Action(href, {**header, "Accept-Encoding": "identity"})

    def _check(self, answer: httpx.Response, name: str, pointer: Pointer) -> None:
        if answer.status_code in _GONE:
            raise LfsObjectMissing(name, pointer.oid, f"it answers with {answer.status_code}")
        if answer.status_code in _DENIED:
            raise RepositoryForbidden(self._url, known=self._authorization is not None)
        if not answer.is_success:
            raise LfsUnavailable(f"the LFS server {self._url} answers with {answer.status_code} for {name}")
        stated = answer.headers.get("content-length")
        if stated is not None and int(stated) != pointer.size:
            raise LfsObjectWrong(name, f"{stated} bytes instead of {pointer.size}")

    def _proof(self) -> dict[str, str]:
        return {} if self._authorization is None else {"Authorization": self._authorization}


def _proven(pieces: Iterator[bytes], name: str, pointer: Pointer) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if size > pointer.size:
            raise LfsObjectWrong(name, f"more than {pointer.size} bytes")
        yield piece
    if size != pointer.size:
        raise LfsObjectWrong(name, f"{size} bytes instead of {pointer.size}")
    if digest.hexdigest() != pointer.oid:
        raise LfsObjectWrong(name, f"their SHA-256 is {digest.hexdigest()} instead of {pointer.oid}")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
