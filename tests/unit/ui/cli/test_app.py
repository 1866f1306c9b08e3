from typer.testing import CliRunner

from ui.cli.app import build

VERBS = (
    *("up", "demo", "status", "ingest", "datasets", "train", "experiments", "cancel", "leaderboard"),
    *("deploy", "token", "predict", "events", "trigger", "triggers", "untrigger", "trace"),
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
