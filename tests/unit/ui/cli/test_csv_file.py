import pytest

from ui.cli.csv_file import CsvRow, read_csv
from ui.cli.exits import WrongUsage

FEATURES = ("bill", "island")


def rows_of(text: str) -> list[CsvRow]:
    return list(read_csv("rows.csv", text.encode(), FEATURES).rows)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_the_features(mark: str) -> None:
    assert rows_of(f"island{mark}bill\nDream{mark}39.1\n") == [CsvRow(2, {"island": "Dream", "bill": "39.1"})]


def test_commas_in_the_values_do_not_make_them_the_delimiter() -> None:
    text = "island;bill\nDream, the north, of it;39,1\n"
    assert rows_of(text) == [CsvRow(2, {"island": "Dream, the north, of it", "bill": "39,1"})]


def test_a_name_may_hold_a_delimiter_in_quotes() -> None:
    assert rows_of('"a,b",bill\n1,2\n') == [CsvRow(2, {"a,b": "1", "bill": "2"})]


def test_columns_that_are_no_features_are_known() -> None:
    table = read_csv("rows.csv", "\ufeffbill,species,island\n1,Adelie,Dream\n".encode(), FEATURES)
    assert table.unknown(FEATURES) == ["species"]


def test_a_row_knows_the_line_on_which_it_begins() -> None:
    text = '\n"island\nname",bill\n"Dream\nnorth",1\n\nBiscoe,2\n'
    assert [row.line for row in rows_of(text)] == [4, 7]


@pytest.mark.parametrize(("row", "values"), [("Dream", "1 value"), ("Dream,39.1,x", "3 values")])
def test_a_row_that_does_not_fit_the_header_is_wrong_usage_naming_its_line(row: str, values: str) -> None:
    with pytest.raises(WrongUsage, match=rf"rows\.csv: line 3 has {values}, the header names 2\."):
        rows_of(f"island,bill\nDream,1\n{row}\nDream,2\n")


def test_a_quote_that_is_not_closed_is_wrong_usage_naming_its_line() -> None:
    with pytest.raises(WrongUsage, match=r"line 3 is no CSV: .* Check its quotes"):
        rows_of('island,bill\nDream,1\n"Biscoe,2\nDream,3\n')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty. Its first line names the columns, such as: bill,island"),
        ("\n \n", "is empty"),
        ("bill,island\n", "has a header and no rows"),
        ("1,2\n3,4\n", "names no column that the model takes. It takes: bill, island"),
        ("bill,bill\n3,4\n", "names bill more than once"),
    ],
)
def test_a_file_with_nothing_to_predict_is_wrong_usage(text: str, said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        rows_of(text)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"bill\n\xff\n", "line 2 holds the byte 0xff in a wrong place. Save the rows as CSV in UTF-8."),
        (b"PAR1\x15\x04", "rows.csv is a Parquet file. Predictions are made of CSV in UTF-8"),
        (b"ARROW1\x00\x00", "is an Arrow file"),
        (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
        ("bill\n1\n".encode("utf-16"), "is text in UTF-16"),
    ],
)
def test_what_is_no_csv_in_utf8_is_called_by_its_name(content: bytes, said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        read_csv("rows.csv", content, FEATURES)
