import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.evaluation import Leaderboard
from tests.unit.ui.cli.test_race import a_standing
from tests.unit.ui.cli.test_sameness import a_board
from ui.cli.app import build
from ui.cli.exits import Failed, WrongUsage


def written(file: Path, board: Leaderboard) -> str:
    file.write_text(board.model_dump_json())
    return str(file)


def test_two_files_with_one_board_are_the_same_without_a_platform(tmp_path: Path) -> None:
    files = [written(tmp_path / name, a_board()) for name in ("a.json", "b.json")]
    done = CliRunner().invoke(build(), ["compare", *files])
    assert done.exit_code == 0
    assert "the same board, bit for bit, 2 times" in done.stdout


def test_another_board_fails_and_says_what_differs(tmp_path: Path) -> None:
    files = [written(tmp_path / "a.json", a_board()), written(tmp_path / "b.json", a_board(a_standing(mean=0.9)))]
    done = CliRunner().invoke(build(), ["compare", *files, "--json"])
    assert isinstance(done.exception, Failed)
    [_, second] = json.loads(done.stdout)["boards"]
    assert second["differs_in"] == ["candidates", "tree"]


def test_a_race_that_is_not_over_is_not_compared(tmp_path: Path) -> None:
    files = [written(tmp_path / "a.json", a_board()), written(tmp_path / "b.json", a_board(final=False))]
    with pytest.raises(Failed, match="is not over"):
        CliRunner().invoke(build(), ["compare", *files], catch_exceptions=False)


@pytest.mark.parametrize(("files", "said"), [(["a.json", "a.json"], "Name two"), (["a.json", "x.json"], "holds no")])
def test_what_cannot_be_compared_is_wrong_usage(tmp_path: Path, files: list[str], said: str) -> None:
    written(tmp_path / "a.json", a_board())
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(WrongUsage, match=said):
        CliRunner().invoke(build(), ["compare", *(str(tmp_path / f) for f in files)], catch_exceptions=False)
