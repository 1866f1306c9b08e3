"""Settings of the recorder."""

from pydantic_settings import SettingsConfigDict

from infra.settings import StateSettings


class RecorderSettings(StateSettings):
    """Read once from ``TRAINING_RECORDER_*``."""

    model_config = SettingsConfigDict(env_prefix="TRAINING_RECORDER_")

    mlflow_url: str = "http://127.0.0.1:5000"
    """Address of MLflow's server."""
