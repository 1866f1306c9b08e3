"""Ingest's settings, read once from ``INGEST_...``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from infra.settings import StateSettings


class IngestSettings(StateSettings):
    """Settings of the ingest service."""

    model_config = SettingsConfigDict(env_prefix="INGEST_")

    memory_limit: str = "1GB"
    """What one reading may hold in memory; more goes to the scratch folder."""
    threads: int = Field(default=2, ge=1)
    """Threads of one reading."""
    scratch_dir: Path | None = None
    """Folder for the files of a reading, about twice the upload; the system's temporary folder if unset."""
    door_folder: Path | None = None
    """Folder that holds nats-server's list of users and the door's keys; publishers are not let in if unset."""
