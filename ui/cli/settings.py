"""What the command line reads from the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from infra.local.layout import Home
from infra.settings import default_home


class CommandLineSettings(BaseSettings):
    """Read once from ``TRACKSIDE_*``."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_", frozen=True, extra="ignore")

    home: Path = Field(default_factory=default_home)
    """The folder of the embedded platform."""


def current_home() -> Home:
    """Return the folder that the person means."""
    return Home(CommandLineSettings().home.expanduser().absolute())


def demo_home() -> Home:
    """Return the folder that the demo runs in: the one the person names, or else one apart from their own work."""
    settings = CommandLineSettings()
    return current_home() if "home" in settings.model_fields_set else Home(default_home() / "demo")
