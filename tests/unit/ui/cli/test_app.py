import pytest
from typer.testing import CliRunner

from ui.cli.app import build

VERBS = (
    *(
        "up",
        "demo",
        "status",
        "doctor",
        "ingest",
        "sources",
        "read",
        "credentials",
        "datasets",
        "versions",
        "profile",
        "diff",
        "remove",
        "train",
        "experiments",
        "cancel",
        "leaderboard",
        "compare",
        "report",
        "export",
        "test",
    ),
    *("deploy", "token", "predict", "explain", "events", "trigger", "triggers", "untrigger", "trace", "contracts"),
    *("schedule", "schedules", "unschedule"),
)


def test_each_verb_explains_itself() -> None:
    runner = CliRunner()
    listed = runner.invoke(build(), ["--help"]).output
    for verb in VERBS:
        assert verb in listed
        helped = runner.invoke(build(), [verb, "--help"])
        assert helped.exit_code == 0
        assert "Usage:" in helped.output


def test_an_unknown_verb_is_wrong_usage() -> None:
    assert CliRunner().invoke(build(), ["fly"]).exit_code == 2


@pytest.mark.parametrize(
    ("words", "at", "offered"),
    [
        ("trackside unt", 1, "untrigger\n"),
        ("trackside contracts --sch", 2, "--schemas\n"),
        ("trackside train penguins --engine py", 4, "pycaret\n"),
    ],
)
def test_the_shell_completes_verbs_options_and_values(words: str, at: int, offered: str) -> None:
    asked = {"_TRACKSIDE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(at)}
    assert CliRunner().invoke(build(), prog_name="trackside", env=asked).stdout == offered
