"""Passes: what an answer hands out for one act on one object, so that nobody need show a token again.

A Git LFS client brings no credentials when it verifies an upload, and need not bring any when it moves bytes.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Literal, Self

from contracts.errors import Misconfigured
from infra.clock import Clock
from services.ingest.api.refusals import PassRefused

Act = Literal["download", "upload", "verify"]

SECONDS = 3600
"""How long a pass is good: it is looked at when an act begins."""
_SCHEME = "Pass "
_SIZE = 32


@dataclass(frozen=True)
class Pass:
    """What was allowed, and to whom."""

    act: Act
    oid: str
    size: int
    """The object's bytes, as they were said."""
    subject: str
    """Who showed a token for it."""


class Passes:
    """Hands out passes, and knows its own again."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    @classmethod
    def open(cls, path: Path, clock: Clock) -> Self:
        """Return passes by the key in ``path``; the first call makes it, for its owner's eyes only.

        Raises:
            Misconfigured: if the file is no key.
        """
        if not path.exists():
            unfinished = path.with_suffix(".new")
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(secrets.token_bytes(_SIZE))
            unfinished.replace(path)
        key = path.read_bytes()
        if len(key) != _SIZE:
            raise Misconfigured(f"{path} is not a key of {_SIZE} bytes; remove it, and a new one is made")
        return cls(key, clock)

    def header(self, allowed: Pass) -> dict[str, str]:
        """Return the header that shows a pass, good for ``SECONDS``."""
        until = int(self._clock().timestamp()) + SECONDS
        said = json.dumps([until, *astuple(allowed)]).encode()
        signed = hmac.digest(self._key, said, hashlib.sha256) + said
        return {"Authorization": _SCHEME + base64.urlsafe_b64encode(signed).decode()}

    def held(self, shown: str, act: Act, oid: str | None = None) -> Pass:
        """Return the pass in a header's value; ``oid`` is the object that it has to be for, any if None.

        Raises:
            PassRefused: if it is none, or not for this act on this object, or its time is over.
        """
        try:
            signed = base64.b64decode(shown.removeprefix(_SCHEME).encode("ascii"), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            signed = b""
        proof, said = signed[:_SIZE], signed[_SIZE:]
        if not hmac.compare_digest(proof, hmac.digest(self._key, said, hashlib.sha256)):
            raise PassRefused("it is none of this server's")
        until, *fields = json.loads(said)
        found = Pass(*fields)
        if found.act != act or oid not in {None, found.oid}:
            raise PassRefused("it is for something else")
        if until <= self._clock().timestamp():
            raise PassRefused("its time is over")
        return found
