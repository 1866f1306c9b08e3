"""The key that webhooks are signed with: the asymmetric signatures of Standard Webhooks (``v1a``, Ed25519).

One private key signs for all, and a receiver checks with the public one, so no secret is shared or travels.
"""

import base64
import os
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.errors import Misconfigured

_SIZE = 32


class SigningKey:
    """Signs what is told to webhooks."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def new(cls) -> Self:
        """Return a key that is kept nowhere."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the key in ``path``; the first call makes it, for its owner's eyes only.

        Raises:
            Misconfigured: if the file is no key.
        """
        if not path.exists():
            unfinished = path.with_suffix(".new")
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(Ed25519PrivateKey.generate().private_bytes_raw())
            unfinished.replace(path)
        seed = path.read_bytes()
        if len(seed) != _SIZE:
            raise Misconfigured(f"{path} is not a key of {_SIZE} bytes; remove it, and a new one is made")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public(self) -> str:
        """Return what receivers check with."""
        return "whpk_" + base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def headers(self, event_id: str, seconds: int, body: bytes) -> dict[str, str]:
        """Return the headers that prove who sent ``body``, and when (seconds since 1970)."""
        signature = self._private.sign(f"{event_id}.{seconds}.".encode() + body)
        return {
            "webhook-id": event_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": f"v1a,{base64.b64encode(signature).decode()}",
        }
