"""The secrets of a platform of containers: made once, each for one reader."""

import json
import subprocess
from pathlib import Path

import pytest

from contracts.catalog import HEARS
from infra.containers.secrets import make_secrets
from infra.local.nats import binary
from services.ingest.settings import IngestSettings
from tests.builders.nats import brought_here
from ui.web.settings import UiSettings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_secrets(tmp_path)
    return tmp_path


def everything(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_second_call_changes_nothing(folder: Path) -> None:
    before = everything(folder)
    make_secrets(folder)
    assert everything(folder) == before


def test_a_second_call_leaves_in_who_was_let_in_meanwhile(folder: Path) -> None:
    users = folder / "door" / "users.conf"
    users.write_text(users.read_text().replace("]\n", "  # a publisher\n]\n"))
    make_secrets(folder)
    assert "a publisher" in users.read_text()


def test_no_two_readers_have_the_same_key_to_the_bus(folder: Path) -> None:
    seeds = [path.read_text() for path in folder.rglob("nats_seed")] + [(folder / "door" / "door.nk").read_text()]
    assert len(set(seeds)) == len(seeds) > len(HEARS)


def test_only_who_signs_certificates_sees_the_authoritys_key(folder: Path) -> None:
    key = (folder / "authority" / "ca-key.pem").read_text()
    assert [path for path in everything(folder) if key in everything(folder)[path]] == ["authority/ca-key.pem"]


def test_what_our_processes_read_is_closed_to_others(folder: Path) -> None:
    loose = [path for role in (*HEARS, "ui", "cli") for path in (folder / role).iterdir() if path.stat().st_mode & 0o77]
    assert loose == []


def test_a_service_finds_its_secrets_by_the_names_of_its_settings(folder: Path) -> None:
    settings = IngestSettings.read(folder / "ingest")
    assert settings.state_url.startswith("postgresql+psycopg://ingest:")
    assert settings.s3_secret.get_secret_value() == (folder / "objects" / "ingest.secret").read_text()


def test_a_store_that_takes_no_list_of_users_has_one_key_for_all(tmp_path: Path) -> None:
    make_secrets(tmp_path, one_store_key=True)
    owners = (tmp_path / "objects" / "secret").read_text()
    assert IngestSettings.read(tmp_path / "ingest").s3_secret.get_secret_value() == owners
    make_secrets(tmp_path)
    assert IngestSettings.read(tmp_path / "ingest").s3_secret.get_secret_value() != owners


def test_the_page_and_the_issuer_know_the_same_secret(folder: Path) -> None:
    clients = {client["id"]: client for client in json.loads((folder / "issuer" / "clients.json").read_text())}
    assert UiSettings.read(folder / "ui").client_secret.get_secret_value() == clients["trackside-ui"]["secret"]


@pytest.mark.parametrize("name", ["nats.conf", "cluster.conf"])
def test_nats_server_accepts_its_configuration(folder: Path, name: str) -> None:
    checked = subprocess.run(
        [str(binary()), "-t", "-c", str(brought_here(folder, name))],
        env={"NATS_NAME": "nats"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
