"""What the command line reads from the environment."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.catalog import HEARS
from contracts.errors import Misconfigured
from infra.checkup.place import Place
from infra.local.issuer.clients import COMMAND_LINE
from infra.local.layout import Home
from infra.settings import StateSettings, default_home


class CommandLineSettings(BaseSettings):
    """Read once from ``TRACKSIDE_*``."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_", frozen=True, extra="ignore", env_ignore_empty=True)

    home: Path = Field(default_factory=default_home)
    """The folder of the embedded platform."""
    credentials_dir: Path | None = None
    """The folder that ``trackside credentials`` keeps what sources are asked with in, if not that of the platform."""


_CENTURY = 36_500
"""Days; as good as for ever."""


class RetentionSettings(BaseSettings):
    """How long ``trackside gc`` leaves things where they are; ``TRACKSIDE_*``."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_", frozen=True, extra="ignore", env_ignore_empty=True)

    keep_facts_days: int = Field(default=90, ge=1, le=_CENTURY)
    """Days that a fact stays in the stream at least; then it goes to the archive, where it is read as before."""
    keep_objects_days: int = Field(default=7, ge=1, le=_CENTURY)
    """Days that an object is kept at least which no fact names, such as an upload."""

    @classmethod
    def read(cls) -> Self:
        """Return the settings in the environment.

        Raises:
            Misconfigured: naming each variable that cannot work.
        """
        try:
            return cls()
        except ValidationError as error:
            faults = (f"TRACKSIDE_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
            raise Misconfigured("; ".join(faults)) from None


class PlaceSettings(StateSettings):
    """Where a platform is that does not run in a folder of this machine, such as in containers; ``TRACKSIDE_*``."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_")

    public_nats_url: str = ""
    """Address of nats-server for programs outside, which ``trackside publishers add`` tells them, if it is another."""
    public_ui_url: str = ""
    """Address of the page for people, if it is another."""
    ui_url: str = ""
    """Address of the page; not looked at if empty, like those below."""
    serving_url: str = ""
    """Address of the serving API."""
    events_url: str = ""
    """Address of the event ingress."""
    mlflow_url: str = ""
    """Address of MLflow."""
    issuer_url: str = ""
    """Address of the issuer, exactly as its tokens name it."""
    issuer_address: str = ""
    """Where the issuer is reached from here, if not by its own name for itself, as between containers."""
    client_id: str = COMMAND_LINE
    """Whom the command line is to the issuer."""
    client_secret: SecretStr = SecretStr("")
    """What proves it."""

    @property
    def elsewhere(self) -> bool:
        """Whether a nats-server is named, and so not the folder's platform meant."""
        return "nats_url" in self.model_fields_set

    def place(self) -> Place:
        """Return what is named."""
        urls = {
            "issuer": self.issuer_address or self.issuer_url,
            "ui": self.ui_url,
            "serving": self.serving_url,
            "events": self.events_url,
            "mlflow": self.mlflow_url,
        }
        return Place(
            nats_url=self.nats_url,
            seed_file=self.nats_seed_file,
            ca_file=self.nats_ca_file,
            servers={name: url for name, url in urls.items() if url},
            issuer=self.issuer_url if self.issuer_address else "",
            processes=dict.fromkeys(HEARS),
            objects=self if "objects_url" in self.model_fields_set else None,
        )


def current_home() -> Home:
    """Return the folder that the person means."""
    return Home(CommandLineSettings().home.expanduser().absolute())


def credentials_folder() -> Path:
    """Return the folder of what sources are asked with."""
    return CommandLineSettings().credentials_dir or current_home().sources


def demo_home() -> Home:
    """Return the folder that the demo runs in: the one the person names, or else one apart from their own work."""
    settings = CommandLineSettings()
    return current_home() if "home" in settings.model_fields_set else Home(default_home() / "demo")
