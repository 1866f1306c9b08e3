from pathlib import Path

import pytest

from ui.cli.exits import WrongUsage
from ui.cli.gathering import gathered
from ui.cli.source import STDIN


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    folder = tmp_path / "sales"
    for name in ("2026/01.csv", "2026/02.csv", "2025/12.csv", "_SUCCESS", ".git/config", "_tmp/a.csv", "notes.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("a\n1\n")
    return folder


def test_one_file_is_none_of_several(sales: Path) -> None:
    assert gathered([sales / "notes.md"]) is None
    assert gathered([sales / "not-there.csv"]) is None
    assert gathered([STDIN]) is None
    odd = sales / "[1].csv"
    odd.write_text("a\n1\n")
    assert gathered([odd]) is None


def test_a_folder_is_all_files_below_it_but_other_programs_marks(sales: Path) -> None:
    found = gathered([sales])
    assert found is not None
    assert (found.title, sorted(found.files)) == ("sales", ["2025/12.csv", "2026/01.csv", "2026/02.csv", "notes.md"])
    assert found.files["2026/01.csv"] == sales / "2026" / "01.csv"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [("2026/*.csv", ["01.csv", "02.csv"]), ("*/*1*.csv", ["2025/12.csv", "2026/01.csv"])],
)
def test_a_pattern_is_what_matches_it(sales: Path, pattern: str, names: list[str]) -> None:
    found = gathered([sales / pattern])
    assert found is not None
    assert (found.title, sorted(found.files)) == (Path(pattern).name, names)


def test_a_pattern_may_name_any_folders(sales: Path) -> None:
    found = gathered([sales / "**" / "0?.csv"])
    assert found is not None
    assert sorted(found.files) == ["2026/01.csv", "2026/02.csv"]


def test_several_files_are_named_below_the_folder_that_holds_them_all(sales: Path) -> None:
    found = gathered([sales / "2026/02.csv", sales / "2025/12.csv", sales / "2026/02.csv"])
    assert found is not None
    assert (found.title, sorted(found.files)) == ("02.csv and 1 more", ["2025/12.csv", "2026/02.csv"])


def test_what_holds_no_file_is_wrong_usage(sales: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for sources, said in [
        ([tmp_path / "empty"], "holds no file"),
        ([sales / "*.xyz"], "No file matches"),
        ([sales / "notes.md", sales / "2026"], "2026 is no file"),
        ([sales / "notes.md", STDIN], "- is no file"),
    ]:
        with pytest.raises(WrongUsage, match=said):
            gathered(sources)
