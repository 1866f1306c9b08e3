"""docker-compose.yml keeps the rules that containers have here."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FILE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
IMAGE = re.compile(
    r"\$\{TRACKSIDE_IMAGE_\w+:-[\w/-]+:v?\d[\w.-]*\}"  # of others
    r"|\$\{TRACKSIDE_IMAGE_PREFIX-trackside/\}[a-z-]+:\$\{TRACKSIDE_IMAGE_TAG:-[\d.]+\}"
)
SERVICES: dict[str, dict[str, Any]] = FILE["services"]


@pytest.fixture(params=sorted(SERVICES))
def service(request: pytest.FixtureRequest) -> dict[str, Any]:
    return SERVICES[request.param]


def test_nothing_writes_outside_its_volumes(service: dict[str, Any]) -> None:
    assert service["read_only"] is True


def test_nobody_gains_privileges(service: dict[str, Any]) -> None:
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_memory_is_bounded(service: dict[str, Any]) -> None:
    assert service["deploy"]["resources"]["limits"]["memory"]


def test_images_are_named_by_a_variable_and_a_tag(service: dict[str, Any]) -> None:
    assert IMAGE.fullmatch(service["image"])


def test_published_ports_are_those_of_loopback(service: dict[str, Any]) -> None:
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_no_secret_stands_in_a_variable(service: dict[str, Any]) -> None:
    secrets = [name for name in service.get("environment", {}) if name.endswith(("PASSWORD", "SECRET", "KEY"))]
    assert secrets == []


def test_every_folder_of_secrets_is_made_by_the_service_for_it() -> None:
    made = {volume.split(":")[0] for volume in SERVICES["secrets"]["volumes"]}
    assert made == {volume for volume in FILE["volumes"] if volume.startswith("secrets-")}


def test_every_service_has_a_target_in_the_dockerfile() -> None:
    dockerfile = (ROOT / "infra/deploy/Dockerfile").read_text()
    targets = {service["build"]["target"] for service in SERVICES.values() if "build" in service}
    assert [target for target in targets if f" AS {target}\n" not in dockerfile] == []
