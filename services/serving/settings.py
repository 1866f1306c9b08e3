"""Settings of serving."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from infra.settings import StateSettings


class ServingSettings(StateSettings):
    """Read once from ``SERVING_*``."""

    model_config = SettingsConfigDict(env_prefix="SERVING_")

    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8420, ge=1, le=65535)
    issuer_url: str = "http://127.0.0.1:8421"
    """The issuer whose tokens are accepted, exactly as they name it; everything else is in its discovery document."""
    issuer_address: str = ""
    """Where the issuer is reached from here, if not by its own name for itself, as between containers."""
    token_audience: str = "trackside-serving"  # noqa: S105 - a name, no secret
    token_algorithms: tuple[str, ...] = ("RS256", "ES256")
    token_types: tuple[str, ...] = ("at+jwt",)
    """The ``typ`` of an access token; add ``JWT`` for an issuer that does not follow RFC 9068."""
    max_body_bytes: int = Field(default=10_000_000, ge=1)
    """The longest request that is read."""
    max_waiting: int = Field(default=64, ge=1)
    """Requests to one model that may wait or be answered at a time; more are asked to come again."""
