from pathlib import Path

import pytest

from ui.cli.csv_file import read_csv
from ui.cli.exits import WrongUsage

FEATURES = ("bill", "island")


def a_file(folder: Path, text: str) -> Path:
    file = folder / "rows.csv"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_the_features(mark: str, tmp_path: Path) -> None:
    text = f"island{mark}bill\nDream{mark}39.1\n"
    assert read_csv(a_file(tmp_path, text), FEATURES).rows == [{"island": "Dream", "bill": "39.1"}]


def test_commas_in_the_values_do_not_make_them_the_delimiter(tmp_path: Path) -> None:
    text = "island;bill\nDream, the north, of it;39,1\n"
    assert read_csv(a_file(tmp_path, text), FEATURES).rows == [{"island": "Dream, the north, of it", "bill": "39,1"}]


def test_a_name_may_hold_a_delimiter_in_quotes(tmp_path: Path) -> None:
    assert read_csv(a_file(tmp_path, '"a,b",bill\n1,2\n'), FEATURES).rows == [{"a,b": "1", "bill": "2"}]


def test_columns_that_are_no_features_are_known(tmp_path: Path) -> None:
    table = read_csv(a_file(tmp_path, "\ufeffbill,species,island\n1,Adelie,Dream\n"), FEATURES)
    assert table.unknown(FEATURES) == ["species"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty. Its first line names the columns, such as: bill,island"),
        ("\n \n", "is empty"),
        ("bill,island\n", "has a header and no rows"),
        ("1,2\n3,4\n", "names no column that the model takes. It takes: bill, island"),
    ],
)
def test_a_file_with_nothing_to_predict_is_wrong_usage(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=said):
        read_csv(a_file(tmp_path, text), FEATURES)


def test_a_file_that_is_no_text_is_wrong_usage(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(b"bill\n\xff\n")
    with pytest.raises(WrongUsage, match="cannot be read as a CSV file in UTF-8"):
        read_csv(file, FEATURES)
