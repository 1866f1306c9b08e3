"""The program from outside does what its page says, with a generated key, and with nothing of this repository."""

import asyncio
import json
import subprocess
import sys
import sysconfig
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from infra.bus.client import connect
from infra.bus.streams import provision
from infra.local.layout import Home
from infra.local.nats import binary, configure
from infra.local.ports import settled
from infra.telemetry import Telemetry
from tests.builders.asking import until
from tests.builders.messages import a_dataset_version
from tests.builders.racing import race_services

ROLES = ("training", "training-worker", "evaluation")
PROGRAM = Path(__file__).parents[4] / "docs" / "examples" / "outside.py"
# -I and -S keep out the folder, the environment and the path files that lead to this repository; libraries come back.
ALONE = (
    *(sys.executable, "-I", "-S", "-c"),
    f"import runpy, sys; sys.path.append({sysconfig.get_path('purelib')!r}); "
    "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.create()
    return home


@pytest.fixture
def nats_url(home: Home) -> Iterator[str]:
    """A nats-server that knows a few keys, configured as ``trackside up`` does it."""
    port = settled(["nats"], home.run / "ports.json")["nats"]
    configuration = configure(home, port, ("provisioner", *ROLES, "ingest", "outside"))
    log = home.log("nats")
    process = subprocess.Popen([str(binary()), "-c", str(configuration), "-l", str(log)])
    until(lambda: log.exists() and "Server is ready" in log.read_text())
    yield f"nats://127.0.0.1:{port}"
    process.kill()
    process.wait()


@asynccontextmanager
async def a_platform_with_penguins(home: Home, nats_url: str) -> AsyncIterator[None]:
    await provision(nats_url, home.seed("provisioner"))
    bus = await connect(nats_url, home.seed("ingest"), "ingest", Telemetry("ingest"))
    await bus.publish(a_dataset_version())
    await bus.close()
    async with race_services(ROLES, nats_url, home.state, home.seed):
        yield


async def outside(home: Home, nats_url: str, *arguments: str) -> tuple[int, dict[str, list[dict[str, object]]]]:
    """Run the program; return its exit code, and the facts that it printed, by name."""
    options = ("--nats", nats_url, "--seed", str(home.seed("outside")))
    process = await asyncio.create_subprocess_exec(
        *ALONE, str(PROGRAM), *arguments, *options, cwd=home.root, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    facts: dict[str, list[dict[str, object]]] = {}
    for line in printed.decode().splitlines():
        name, _, fact = line.partition(" ")
        facts.setdefault(name, []).append(json.loads(fact))
    assert process.returncode is not None
    return process.returncode, facts


async def test_it_starts_a_race_and_reads_every_fact_of_it(home: Home, nats_url: str) -> None:
    async with a_platform_with_penguins(home, nats_url):
        code, facts = await outside(home, nats_url, "penguins", "species", "--folds", "2")
    assert code == 0
    assert len(facts["evt.training.fit.completed.v1"]) == 12
    assert len(facts["evt.training.fit.failed.v1"]) == 2
    (completed,) = facts["evt.training.experiment.completed.v1"]
    assert (completed["fits_completed"], completed["fits_failed"]) == (12, 2)


async def test_it_is_told_why_a_race_is_refused(home: Home, nats_url: str) -> None:
    async with a_platform_with_penguins(home, nats_url):
        code, facts = await outside(home, nats_url, "penguins", "colour")
    assert code == 1
    assert [refused["reason"] for refused in facts["evt.training.experiment.refused.v1"]] == ["TargetMissing"]


def test_it_runs_where_nothing_of_ours_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "importing.py").write_text("import nats\nimport contracts\n")
    done = subprocess.run(
        [*ALONE, str(tmp_path / "importing.py")], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr.rstrip().endswith("No module named 'contracts'")
