"""The programs of docs/examples race a file on a platform that runs, with nothing of this repository."""

import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import palmerpenguins
import pytest

from tests.builders.platform import RunningPlatform, inherited

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PROGRAMS = Path(__file__).parents[2] / "docs" / "examples"
# -I and -S keep out the folder, the environment and the path files that lead to this repository; libraries come back.
ALONE = (
    *(sys.executable, "-I", "-S", "-c"),
    f"import runpy, sys; sys.path.append({sysconfig.get_path('purelib')!r}); "
    "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')",
)
BOTH = "RegisterDataset,StartExperiment"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    platform = RunningPlatform.start(tmp_path_factory.mktemp("programs") / "home")
    platform.ready("ingest", "training", "training-worker-1", "evaluation")
    yield platform
    assert platform.stop() == 0


@pytest.fixture(scope="module")
def penguins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("penguins") / "penguins.csv"
    palmerpenguins.load_penguins().to_csv(file, index=False)
    return file


@pytest.fixture(scope="module")
def card(running: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a publisher is given when it is let in."""
    facts = "LeaderboardUpdated,ExperimentCancelled"
    given = running.run("publishers", "add", "lab", "--may", BOTH, "--hears", facts, "--json")
    assert given.returncode == 0, given.stderr
    file = tmp_path_factory.mktemp("card") / "lab.json"
    file.write_text(given.stdout)
    return file


def events_url(running: RunningPlatform) -> str:
    platform = running.platform()
    assert platform is not None
    return platform.events_url


def program(name: str, *arguments: object, token: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a program of docs/examples, where nothing of ours can be imported."""
    command = [*ALONE, str(PROGRAMS / name), *map(str, arguments)]
    environment = {**inherited(), "TOKEN": token}
    return subprocess.run(command, env=environment, text=True, capture_output=True, timeout=120, check=False)


def token(running: RunningPlatform, scope: str) -> str:
    given = running.run("token", "--scope", scope)
    assert given.returncode == 0, given.stderr
    return given.stdout.strip()


def has_raced(done: "subprocess.CompletedProcess[str]") -> None:
    assert done.returncode == 0, done.stderr
    dataset, started, *board = done.stdout.splitlines()
    assert dataset.endswith(": 344 rows")
    assert started.endswith("has started: 14 fits")
    assert (len(board), board[0][:2], board[-1]) == (7, "1 ", "7 Most Frequent Class Accuracy 0.4419")


def test_a_bare_nats_client_races_a_file(running: RunningPlatform, penguins: Path, card: Path) -> None:
    arguments = (card, penguins, "species", "--folds", 2, "--events", events_url(running))
    has_raced(program("outside_nats.py", *arguments, token=token(running, "upload")))


def test_a_client_of_the_cloudevents_sdk_races_a_file(running: RunningPlatform, penguins: Path) -> None:
    scopes = "upload,hear,send:RegisterDataset,send:StartExperiment"
    arguments = (events_url(running), penguins, "species", "--folds", 2)
    has_raced(program("outside_http.py", *arguments, token=token(running, scopes)))


def test_both_are_told_why_a_race_is_refused(running: RunningPlatform, penguins: Path, card: Path) -> None:
    scopes = "upload,hear,send:RegisterDataset,send:StartExperiment"
    over_http = program("outside_http.py", events_url(running), penguins, "colour", token=token(running, scopes))
    over_nats = program("outside_nats.py", card, "penguins", "colour")
    for done in (over_http, over_nats):
        assert (done.returncode, "TargetMissing" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_both_are_told_which_contract_was_not_met(running: RunningPlatform, penguins: Path, card: Path) -> None:
    scopes = "upload,hear,send:RegisterDataset,send:StartExperiment"
    arguments = (penguins, "species", "--folds", 1)
    over_http = program("outside_http.py", events_url(running), *arguments, token=token(running, scopes))
    over_nats = program("outside_nats.py", card, "penguins", "species", "--folds", 1)
    for done in (over_http, over_nats):
        assert (done.returncode, "template.folds" in done.stderr) == (1, True)


def test_a_token_without_a_scope_is_told_which(running: RunningPlatform, penguins: Path) -> None:
    arguments = (events_url(running), penguins, "species")
    done = program("outside_http.py", *arguments, token=token(running, "upload,hear,send:StartExperiment"))
    assert done.stderr.startswith("403 GrantMissing: The token does not grant send:RegisterDataset.")


def test_the_platform_says_where_events_are_taken(running: RunningPlatform) -> None:
    url = events_url(running)
    running.ready()  # until all are, MLflow last, the status is not good
    assert running.json("status")["events_url"] == url
    assert f"event ingress         {url}/docs" in running.output()


@pytest.mark.parametrize(
    ("scopes", "said"),
    [("bake", "There is no scope bake"), ("predict,hear", "one token each: hear; predict"), (" ", "Name a scope")],
)
def test_a_token_that_cannot_be_is_refused(running: RunningPlatform, scopes: str, said: str) -> None:
    refused = running.run("token", "--scope", scopes)
    assert (refused.returncode, said in refused.stderr) == (2, True)


def test_they_run_where_nothing_of_ours_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "importing.py").write_text("import nats\nimport cloudevents\nimport contracts\n")
    done = subprocess.run([*ALONE, str(tmp_path / "importing.py")], capture_output=True, text=True, check=False)
    assert done.stderr.rstrip().endswith("No module named 'contracts'")
