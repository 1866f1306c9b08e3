"""How a session with Snowflake is proven and bounded."""

from collections.abc import Mapping
from typing import Any, Protocol

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from pydantic import SecretStr

from services.ingest.domain.database_errors import LoginRefused, UnreadableKey


class Proof(Protocol):
    """What a user proves to be one by: exactly one of three."""

    user: str
    password: SecretStr | None
    private_key: SecretStr | None
    private_key_passphrase: SecretStr | None
    token: SecretStr | None


_BOUNDS: Mapping[str, Any] = {
    "application": "trackside",
    "login_timeout": 30,
    "network_timeout": 120,
    "session_parameters": {"TIMEZONE": "UTC", "QUERY_TAG": "trackside", "CLIENT_TELEMETRY_ENABLED": False},
}
"""How long an answer may take that is not a query's own time, and what every session says."""


def session_of(account: str, proof: Proof | None) -> dict[str, Any]:
    """Return what the connector is given to log in with; it holds secrets.

    Raises:
        LoginRefused: if nobody is named.
        UnreadableKey: if the private key cannot be read.
    """
    if proof is None:
        raise LoginRefused(f"Snowflake's account {account}")
    return {**_BOUNDS, "user": proof.user, **_proven(proof)}


def _proven(proof: Proof) -> dict[str, Any]:
    if proof.private_key is not None:
        key = _der(proof.private_key, proof.private_key_passphrase)
        return {"authenticator": "SNOWFLAKE_JWT", "private_key": key}
    if proof.token is not None:
        return {"authenticator": "oauth", "token": proof.token.get_secret_value()}
    return {"password": proof.password.get_secret_value() if proof.password else ""}


def _der(pem: SecretStr, passphrase: SecretStr | None) -> bytes:
    secret = None if passphrase is None else passphrase.get_secret_value().encode()
    try:
        key = load_pem_private_key(pem.get_secret_value().encode(), secret)
    except (ValueError, TypeError):
        raise UnreadableKey from None
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
