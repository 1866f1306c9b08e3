"""Settings of serving."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from infra.http.settings import EdgeSettings


class ServingSettings(EdgeSettings):
    """Read once from ``SERVING_*``."""

    model_config = SettingsConfigDict(env_prefix="SERVING_")

    http_port: int = Field(default=8420, ge=1, le=65535)
    """Port that the API listens on."""
    token_audience: str = "trackside-serving"  # noqa: S105 - a name, no secret
    """Whom a token must be for."""
    max_body_bytes: int = Field(default=10_000_000, ge=1)
    """The longest request that is read."""
    max_waiting: int = Field(default=64, ge=1)
    """Requests to one model that may wait or be answered at a time; more are asked to come again."""
    keep_asked: bool = True
    """Whether the rows of each request are kept in the object store, so that its answer can be explained."""
    keep_asked_rows: int = Field(default=100, ge=1)
    """How many rows of one request are kept: the first ones."""
