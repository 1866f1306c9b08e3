"""Settings of a training worker."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from infra.settings import StateSettings, default_home


class WorkerSettings(StateSettings):
    """Read once from ``TRAINING_WORKER_*``; a worker keeps no state, so ``state_url`` is not used."""

    model_config = SettingsConfigDict(env_prefix="TRAINING_WORKER_")

    warm_socket: Path = Field(default_factory=lambda: default_home() / "warm.sock")
    """Where the warm fork server listens."""
    warm_patience: float = Field(default=120.0, ge=0)
    """Seconds to wait for it to listen, before the command goes back to the queue."""
    cache_dir: Path = Field(default_factory=lambda: default_home() / "cache")
    """Folder for fetched dataset versions; several workers may share it."""
    cache_files: int = Field(default=8, ge=1)
    """How many of them are kept."""
    rest_seconds: float = Field(default=60.0, gt=0)
    """How long a child with nothing to do is kept, with its rows and what PyCaret made of them."""
