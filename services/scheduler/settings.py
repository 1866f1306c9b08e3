"""Settings of the scheduler."""

from pydantic_settings import SettingsConfigDict

from infra.settings import StateSettings


class SchedulerSettings(StateSettings):
    """Read once from ``SCHEDULER_*``."""

    model_config = SettingsConfigDict(env_prefix="SCHEDULER_")
