"""Settings of the built-in issuer."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from infra.settings import ProcessSettings, default_home


class IssuerSettings(ProcessSettings):
    """Where the issuer answers, and where it keeps its key and its clients."""

    model_config = SettingsConfigDict(env_prefix="ISSUER_")

    folder: Path = Field(default_factory=lambda: default_home() / "keys" / "issuer")
    """Folder of the signing key and the clients file, for the owner's eyes only."""
    host: str = "127.0.0.1"
    """Address that the issuer listens on."""
    port: int = Field(default=0, ge=0, le=65535)
    """A free one if 0; tokens name the port, so they outlive a restart only if it stays."""
    url: str = ""
    """The address that its tokens name, if people and programs reach it by another than that of host and port."""
    ready_file: Path | None = None
    """File that gets the issuer's URL once it answers."""
    token_seconds: int = Field(default=3600, ge=1)
    """Life of a program's access token."""
    session_seconds: int = Field(default=12 * 3600, ge=1)
    """Life of the token that a redeemed ticket gives: how long the page stays open for a person."""
    ticket_seconds: int = Field(default=300, ge=1)
    """Life of the one-time link that opens the page."""
