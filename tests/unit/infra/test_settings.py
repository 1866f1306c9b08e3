"""Settings come from the environment, and secrets from files."""

from pathlib import Path

import pytest
from pydantic_settings import SettingsConfigDict

from contracts.errors import Misconfigured
from infra.settings import StateSettings


class WorkshopSettings(StateSettings):
    model_config = SettingsConfigDict(env_prefix="WORKSHOP_")

    benches: int = 1


def test_a_secret_is_read_from_the_file_that_is_named_as_its_variable(tmp_path: Path) -> None:
    (tmp_path / "workshop_s3_secret").write_text("whisper\n")
    assert WorkshopSettings.read(tmp_path).s3_secret.get_secret_value() == "whisper"


def test_a_variable_goes_before_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "workshop_state_url").write_text("sqlite:///file.db")
    monkeypatch.setenv("WORKSHOP_STATE_URL", "sqlite:///variable.db")
    assert WorkshopSettings.read(tmp_path).state_url == "sqlite:///variable.db"


def test_no_folder_of_secrets_is_no_fault(tmp_path: Path) -> None:
    assert WorkshopSettings.read(tmp_path / "missing").benches == 1


def test_a_variable_that_is_empty_is_as_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    assert WorkshopSettings.read().otlp_endpoint is None


def test_a_secret_that_cannot_work_is_named(tmp_path: Path) -> None:
    (tmp_path / "workshop_benches").write_text("many")
    with pytest.raises(Misconfigured, match="WORKSHOP_BENCHES"):
        WorkshopSettings.read(tmp_path)
