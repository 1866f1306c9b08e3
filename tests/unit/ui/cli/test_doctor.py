"""How the doctor speaks: every finding a line, exit code by what does not work."""

import json
from pathlib import Path

import pytest

from infra.checkup import Finding, fail, ok, warn
from ui.cli.app import build
from ui.cli.doctor import Examination
from ui.cli.exits import Exit, ended


def examined(*findings: Finding) -> Examination:
    return Examination(where="/x", seconds=0.5, findings=findings)


def test_what_should_be_known_is_no_failure() -> None:
    assert examined(ok("disk", "Fine."), warn("ports", "Taken.", "Nothing to do.")).failures == 0
    assert examined(fail("disk", "Full.", "Make room."), fail("keys", "Open.", "Close them.")).failures == 2


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "[home]"
    monkeypatch.setenv("TRACKSIDE_HOME", str(folder))
    monkeypatch.delenv("TRACKSIDE_NATS_URL", raising=False)
    return folder


def test_a_person_reads_cause_and_cure_also_where_nothing_runs(
    nowhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(lambda: build()(["doctor"], standalone_mode=False)) == Exit.REFUSED
    said = capsys.readouterr()
    assert f"FAIL  platform  There is no folder {nowhere}. Run trackside up" in said.out
    assert "1 finding in" in said.out
    assert "1 thing does not work." in said.err


def test_a_program_reads_json_and_nothing_else_on_stdout(nowhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(lambda: build()(["doctor", "--json"], standalone_mode=False)) == Exit.REFUSED
    found = json.loads(capsys.readouterr().out)
    assert [finding["verdict"] for finding in found["findings"]] == ["fail"]
