"""The story among containers, from outside: a publisher on the bus, a race, a deployment, a prediction over HTTP."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import docker
import httpx
import pytest
from docker.errors import DockerException
from pydantic import SecretStr

from contracts.ingest import DatasetVersionRegistered, RegisterDataset
from contracts.serving import DeploymentReady, DeployModelVersion
from contracts.training import (
    ExperimentCompleted,
    ExperimentStarted,
    ExperimentTemplate,
    ModelVersionCreated,
    ModelVersionRecorded,
    StartExperiment,
)
from infra.bus.client import NatsBus, connect
from infra.local.issuer.clients import COMMAND_LINE
from infra.local.ports import settled
from infra.objects.s3 import S3Access
from infra.objects.store import open_objects
from infra.telemetry import Telemetry
from infra.tokens import fetch_token
from tests.builders.platform import inherited
from tests.containers.composed import Composed
from tests.containers.settings import ContainerTestSettings

pytestmark = [pytest.mark.containers, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
AUDIENCE = "trackside-serving"
SERVICES = ("ingest", "training", "training-worker", "training-recorder", "evaluation", "scheduler", "serving", "ui")
ROWS = "\n".join(
    ["body_mass,flipper,species"]
    + [f"{3500 + 20 * n},{185 + n % 7},adelie\n{4900 + 25 * n},{212 + n % 9},gentoo" for n in range(60)]
)


@pytest.fixture(scope="module")
def engine() -> None:
    """Skip where no Docker engine runs, unless this is CI."""
    try:
        docker.from_env().ping()
    except DockerException as error:
        if inherited().get("CI") == "true":
            raise
        pytest.skip(f"no Docker engine answers, so nothing was run in containers; start one and try again ({error})")


@pytest.fixture(scope="module")
def images(engine: None) -> ContainerTestSettings:
    """Make the images that are not here."""
    settings = ContainerTestSettings()
    environment = {**inherited(), **settings.variables(), "PYTHON_IMAGE": settings.image_python}
    subprocess.run([str(ROOT / "tests/containers/images/ensure.sh")], env=environment, check=True)
    if settings.image_build:
        subprocess.run([str(ROOT / "infra/deploy/images.sh")], env=environment, check=True)
    return settings


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    remembered = tmp_path_factory.mktemp("containers") / "ports.json"
    return settled(["nats", "objects", "issuer", "serving", "ui"], remembered)


@pytest.fixture(scope="module")
def platform(images: ContainerTestSettings, ports: dict[str, int]) -> Iterator[Composed]:
    """The platform of docker-compose.yml, whole and well."""
    addresses = {
        "TRACKSIDE_ISSUER_URL": f"http://127.0.0.1:{ports['issuer']}",
        "TRACKSIDE_UI_URL": f"http://127.0.0.1:{ports['ui']}",
    }
    composed = Composed({**images.variables(), **addresses}, ports)
    try:
        composed.finish("secrets")
        composed.start("warm", "nats", "objects", "postgresql", "issuer")
        composed.finish("provisioner")
        composed.until_healthy("postgresql", "issuer")
        composed.start("mlflow", *SERVICES)
        composed.until_healthy("warm", *SERVICES)
        yield composed
    finally:
        composed.remove()


@pytest.fixture
def keys(platform: Composed, tmp_path: Path) -> Path:
    """The folder with the key of a program outside, and whom it believes."""
    for name in ("nats_seed", "nats_ca.pem"):
        (tmp_path / name).write_text(platform.secret("outside", name))
    return tmp_path


@asynccontextmanager
async def publisher(keys: Path, ports: dict[str, int]) -> AsyncIterator[NatsBus]:
    """A program outside, connected to the published port."""
    url, ca_file = f"tls://127.0.0.1:{ports['nats']}", keys / "nats_ca.pem"
    bus = await connect(url, keys / "nats_seed", "outside", Telemetry("outside"), ca_file=ca_file, patience=10)
    try:
        yield bus
    finally:
        await bus.close()


async def test_from_a_publisher_to_a_prediction(platform: Composed, ports: dict[str, int], keys: Path) -> None:
    _upload(platform, ports)
    async with publisher(keys, ports) as bus:
        path = await _raced_and_deployed(bus)
    url = f"http://127.0.0.1:{ports['serving']}{path}"
    assert _asked(url).status_code == 401
    answer = _asked(url, Authorization=f"Bearer {_token(platform, ports)}")
    assert [prediction["prediction"] for prediction in answer.json()["predictions"]] == ["gentoo"]


async def test_mlflow_has_the_model_of_the_race(platform: Composed, ports: dict[str, int], keys: Path) -> None:
    async with asyncio.timeout(240):  # it is slow to start, and nothing else waits for it
        async with publisher(keys, ports) as bus:
            async for fact in bus.facts(ModelVersionRecorded, key="exp-1"):
                assert isinstance(fact.message, ModelVersionRecorded)
                return


def test_the_page_is_there_and_asks_who_comes(platform: Composed, ports: dict[str, int]) -> None:
    answer = httpx.get(f"http://127.0.0.1:{ports['ui']}/", follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (401, "/login")


def test_the_command_line_among_the_containers_reaches_them_all(platform: Composed, ports: dict[str, int]) -> None:
    platform.said("cli", "doctor")
    assert "penguins" in platform.said("cli", "datasets", "--json")
    row = '{"body_mass": 5200, "flipper": 215}'
    assert '"gentoo"' in platform.said("cli", "predict", "penguins", "--row", row, "--json")


def test_a_link_of_the_command_line_opens_the_page(platform: Composed, ports: dict[str, int]) -> None:
    link = platform.said("cli", "page").strip()
    assert link.startswith(f"http://127.0.0.1:{ports['ui']}/login?ticket=")
    with httpx.Client(follow_redirects=True) as browser:
        answer = browser.get(link)
        assert (answer.status_code, answer.url.path) == (200, "/")
    assert httpx.get(link, follow_redirects=True).status_code == 401


async def _raced_and_deployed(bus: NatsBus) -> str:
    register = RegisterDataset(ingestion_id="ing-1", name="penguins", upload="uploads/ing-1", filename="penguins.csv")
    registered = await bus.order(register, DatasetVersionRegistered, seconds=120)
    assert isinstance(registered, DatasetVersionRegistered)
    assert registered.rows == 120
    template = ExperimentTemplate(target="species", engine="sklearn", folds=2)
    start = StartExperiment(experiment_id="exp-1", dataset="penguins", template=template)
    await bus.order(start, ExperimentStarted, seconds=60)
    async for fact in bus.facts(ExperimentCompleted, key="exp-1"):
        assert isinstance(fact.message, ExperimentCompleted)
        assert fact.message.fits_failed == 0
        break
    async for fact in bus.facts(ModelVersionCreated, key="exp-1"):
        assert isinstance(fact.message, ModelVersionCreated)
        deploy = DeployModelVersion(deployment_id="dep-1", name="penguins", model=fact.message.model_version_id)
        break
    ready = await bus.order(deploy, DeploymentReady, seconds=180)
    assert isinstance(ready, DeploymentReady)
    return ready.path


def _upload(platform: Composed, ports: dict[str, int]) -> None:
    key_id, secret = platform.secret("objects", "key_id"), platform.secret("objects", "secret")
    access = S3Access(f"http://127.0.0.1:{ports['objects']}", key_id, SecretStr(secret))
    assert open_objects("s3://trackside", access).create("uploads/ing-1", [ROWS.encode()])


def _asked(url: str, **headers: str) -> httpx.Response:
    return httpx.post(url, json={"rows": [{"body_mass": 5200, "flipper": 215}]}, headers=headers, timeout=60)


def _token(platform: Composed, ports: dict[str, int]) -> str:
    secret = platform.secret("cli", "trackside_client_secret")
    return fetch_token(f"http://127.0.0.1:{ports['issuer']}", COMMAND_LINE, secret, AUDIENCE, "predict")
