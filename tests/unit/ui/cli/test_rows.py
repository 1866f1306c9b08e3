import pytest

from contracts.ingest import Column
from ui.cli.csv_file import CsvRow
from ui.cli.exits import WrongUsage
from ui.cli.rows import row_of_json, rows_of_csv

FEATURES = (
    Column(name="year", type="integer", missing=0, distinct=2),
    Column(name="bill", type="float", missing=1, distinct=9),
    Column(name="island", type="string", missing=0, distinct=3),
    Column(name="tagged", type="boolean", missing=0, distinct=2),
)


def a_row(line: int = 2, **values: str) -> CsvRow:
    return CsvRow(line, values)


def test_each_value_has_its_columns_type() -> None:
    row = a_row(year="2007", bill="39.1", island="007", tagged="true", species="Adelie")
    assert rows_of_csv([row], FEATURES) == [{"year": 2007, "bill": 39.1, "island": "007", "tagged": True}]


@pytest.mark.parametrize("text", ["2007", "2007.0", "+2007"])
def test_a_whole_number_may_be_written_with_a_fraction_of_nothing(text: str) -> None:
    assert rows_of_csv([a_row(year=text)], FEATURES) == [{"year": 2007}]


@pytest.mark.parametrize("text", ["2007.5", "inf", "nan."])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage, match="is no integer"):
        rows_of_csv([a_row(year=text)], FEATURES)


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e400", "NAN"])
def test_a_number_that_is_not_finite_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage, match=r"is no float\. Correct it, or write nothing for a missing value\."):
        rows_of_csv([a_row(bill=text)], FEATURES)


@pytest.mark.parametrize("missing", ["", " ", "NA", "null"])
def test_a_missing_value_is_null(missing: str) -> None:
    assert rows_of_csv([a_row(bill=missing)], FEATURES) == [{"bill": None}]


def test_a_value_that_does_not_fit_is_named_with_its_line() -> None:
    with pytest.raises(WrongUsage, match=r"line 7: column year has 'soon', which is no integer"):
        rows_of_csv([a_row(year="2007"), a_row(line=7, year="soon")], FEATURES)


def test_a_json_object_is_a_row() -> None:
    assert row_of_json('{"year": 2007, "bill": 39.5, "island": null}') == {"year": 2007, "bill": 39.5, "island": None}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400"])
def test_a_number_that_json_has_not_is_wrong_usage_with_a_cure(number: str) -> None:
    with pytest.raises(WrongUsage, match=f"--row has {number}, .* Write null for a missing value"):
        row_of_json(f'{{"bill": {number}}}')


@pytest.mark.parametrize(("text", "said"), [("{bill: 1}", "is no JSON: "), ("[1]", "is no JSON object")])
def test_what_is_no_json_object_is_no_row(text: str, said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        row_of_json(text)
