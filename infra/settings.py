"""Settings that every process has; a service adds its own in a subclass with its own prefix."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.errors import Misconfigured

SECRETS = Path("/run/secrets")
"""Where container engines put secrets: a file for each, named as the variable that it stands for."""


def default_home() -> Path:
    """Return the folder that holds all state of the embedded platform when nothing else is said."""
    return Path.home() / ".trackside"


class ProcessSettings(BaseSettings):
    """What any process needs to join the platform; read once from the environment, then frozen.

    Defaults are those of the embedded platform, whose supervisor sets what differs.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    nats_url: str = "nats://127.0.0.1:4222"
    """Address of nats-server; those of a cluster with commas between them."""
    nats_seed_file: Path | None = None
    """File with this process's nkey seed; no key is offered if unset."""
    nats_ca_file: Path | None = None
    """File with the certificate (PEM) of the authority that nats-server's must be signed by, for an address that begins
    with ``tls://``; the system's authorities if unset."""
    process: str = ""
    """This process's own name, such as ``training-worker-1``; the role's name if empty."""
    traces_dir: Path | None = None
    """Folder that this process appends its spans to; none are written if unset."""
    beat_file: Path | None = Field(default=None, validation_alias="TRACKSIDE_BEAT_FILE")
    """File that is touched every few seconds while the process is well, for who cannot ask it over the bus."""
    log_level: str = "INFO"
    """The least that is logged: ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``."""
    otlp_endpoint: str | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    """Spans go there too, as the standard variables say, if set."""

    @classmethod
    def read(cls, secrets: Path = SECRETS) -> Self:
        """Return the settings in the environment; what it does not say may stand in a file in ``secrets``.

        Raises:
            Misconfigured: naming each variable that cannot work.
        """
        try:
            folder = secrets if secrets.is_dir() else None
            return cls(_secrets_dir=folder)  # type: ignore[call-arg]  # type checkers are shown the fields only
        except ValidationError as error:
            prefix = cls.model_config.get("env_prefix", "")
            faults = (f"{prefix}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
            raise Misconfigured("; ".join(faults)) from None


class StateSettings(ProcessSettings):
    """Settings of a process with a state of its own and objects to read or write."""

    state_url: str = Field(default_factory=lambda: "sqlite://")
    """SQLAlchemy URL of this service's state; in memory, and so lost on exit, if unset."""
    objects_url: str = Field(default_factory=lambda: f"file://{default_home()}/objects")
    """Where the objects live: ``file://``, ``memory://`` or ``s3://bucket``."""
    s3_endpoint: str = ""
    """Address of the S3 server, scheme included; read for ``s3://`` only."""
    s3_key_id: str = ""
    """Access key of the S3 server."""
    s3_secret: SecretStr = SecretStr("")
    """What belongs to that access key."""
    s3_region: str = "us-east-1"
    """Region that requests are signed for."""
