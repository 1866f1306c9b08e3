"""Settings of the scheduler."""

from pydantic import PositiveFloat
from pydantic_settings import SettingsConfigDict

from infra.settings import StateSettings


class SchedulerSettings(StateSettings):
    """Read once from ``SCHEDULER_*``."""

    model_config = SettingsConfigDict(env_prefix="SCHEDULER_")

    watch_seconds: PositiveFloat = 5.0
    """Seconds between two looks for a schedule whose alarm did not ring."""
