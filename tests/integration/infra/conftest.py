"""What tests of the platform of containers begin with."""

from pathlib import Path

import pytest

from infra.containers.secrets import make_secrets


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Return the folder with the secrets of all containers."""
    folder = tmp_path / "secrets"
    make_secrets(folder)
    return folder
