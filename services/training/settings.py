"""Settings of training's main process."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from infra.settings import StateSettings


class TrainingSettings(StateSettings):
    """Read once from ``TRAINING_*``."""

    model_config = SettingsConfigDict(env_prefix="TRAINING_")

    fits_ahead: int = Field(default=8, ge=1)
    """How many fits of one experiment wait for a worker or are in its hands; a cancelled one makes these at most."""
