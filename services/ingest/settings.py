"""Ingest's settings, read once from ``INGEST_...``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from infra.http.settings import EdgeSettings


class IngestSettings(EdgeSettings):
    """Settings of the ingest service."""

    model_config = SettingsConfigDict(env_prefix="INGEST_")

    memory_limit: str = "1GB"
    """What one reading may hold in memory; more goes to the scratch folder."""
    threads: int = Field(default=2, ge=1)
    """Threads of one reading."""
    scratch_dir: Path | None = None
    """Folder for the files of a reading, about thrice the unpacked upload; the system's temporary one if unset."""
    credentials_dir: Path | None = None
    """Folder with what sources are asked with, ``<name>.json`` for each; no source has credentials if unset."""
    files_dir: Path | None = None
    """Folder whose database files may be read; none may if unset."""
    door_folder: Path | None = None
    """Folder that holds nats-server's list of users and the door's keys; publishers are not let in if unset."""
    http_port: int | None = Field(default=None, ge=1, le=65535)
    """Port of the event ingress; it is off if unset, and needs the door's folder if it is on."""
    token_audience: str = "trackside-events"  # noqa: S105 - a name, no secret
    http_rate: float = Field(default=50.0, gt=0, le=100_000)
    """Requests a second of one client of the event ingress; more are asked to come again."""
    http_waiting: int = Field(default=16, ge=1)
    """Requests of one client that may wait for facts at a time."""
    http_uploading: int = Field(default=4, ge=1)
    """Uploads of one client at a time."""
    http_lfs_uploading: int = Field(default=8, ge=1)
    """Git LFS objects of one client that are taken at a time; its others wait for their turn."""
    http_address: str = Field(default="", pattern="^(https?://[^/@?#]+)?$")
    """Where clients of Git LFS reach the API, if not by the name that they ask for, as behind a proxy that ends TLS."""
    http_max_event_bytes: int = Field(default=65_536, ge=256, le=1_000_000)
    """The longest event that is read."""
    http_max_upload_bytes: int = Field(default=2_000_000_000, ge=1)
    """The longest file that is taken."""
