import subprocess
import sys
from pathlib import Path

import pytest

from contracts.errors import Misconfigured
from contracts.ids import ExperimentId
from contracts.training import ExperimentRefused, StartExperiment
from infra.bus import CommandRefused, Unanswered
from infra.local.layout import Home
from infra.local.platform import PlatformNotRunning
from tests.builders import a_template
from ui.cli.exits import Exit, WrongUsage, ended

REFUSAL = ExperimentRefused(
    experiment_id=ExperimentId("exp-1"), reason="TargetMissing", cause="There is no column [x].", cure="Choose one."
)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (CommandRefused(REFUSAL), Exit.REFUSED, "There is no column [x].\nChoose one."),
        (WrongUsage("Give one."), Exit.USAGE, "Give one."),
        (PlatformNotRunning(Home(Path("/nowhere"))), Exit.NOT_RUNNING, "Start it in another terminal with"),
        (Unanswered("cmd.x", 3), Exit.UNANSWERED, "trackside status"),
        (Misconfigured("No nats-server."), Exit.REFUSED, "No nats-server."),
        (KeyboardInterrupt(), Exit.INTERRUPTED, "interrupted"),
    ],
)
def test_each_ending_has_its_code_and_its_words(
    error: BaseException, code: Exit, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> None:
        raise error

    assert ended(command) == code
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


def test_a_value_that_no_contract_allows_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        StartExperiment(experiment_id="exp-1", dataset="Not A Name", template=a_template())

    assert ended(command) == Exit.USAGE
    assert "DATASET" in capsys.readouterr().err


def ended_with_stdout(path: str) -> subprocess.CompletedProcess[str]:
    """Print one line by a process of its own whose stdout is ``path``."""
    script = "import sys; from ui.cli.exits import ended; sys.exit(ended(lambda: print('token')))"
    with Path(path).open("w") as out:
        return subprocess.run(
            [sys.executable, "-c", script], stdout=out, stderr=subprocess.PIPE, text=True, check=False
        )


def test_what_cannot_be_written_is_said_without_a_traceback() -> None:
    run = ended_with_stdout("/dev/full")
    assert run.returncode == Exit.REFUSED
    assert run.stderr == "error [Errno 28] No space left on device\n"


def test_what_can_be_written_is_no_error() -> None:
    assert ended_with_stdout("/dev/null").returncode == Exit.OK
