"""Settings of evaluation."""

from pydantic_settings import SettingsConfigDict

from infra.settings import StateSettings


class EvaluationSettings(StateSettings):
    """Read once from ``EVALUATION_*``."""

    model_config = SettingsConfigDict(env_prefix="EVALUATION_")
