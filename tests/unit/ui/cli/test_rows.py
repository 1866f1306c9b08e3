import pytest

from contracts.ingest import Column
from ui.cli.exits import WrongUsage
from ui.cli.rows import rows_of_csv

FEATURES = (
    Column(name="year", type="integer", missing=0, distinct=2),
    Column(name="bill", type="float", missing=1, distinct=9),
    Column(name="island", type="string", missing=0, distinct=3),
    Column(name="tagged", type="boolean", missing=0, distinct=2),
)


def test_each_value_has_its_columns_type() -> None:
    row = {"year": "2007", "bill": "39.1", "island": "007", "tagged": "true", "species": "Adelie"}
    assert rows_of_csv([row], FEATURES) == [{"year": 2007, "bill": 39.1, "island": "007", "tagged": True}]


@pytest.mark.parametrize("text", ["2007", "2007.0", "+2007"])
def test_a_whole_number_may_be_written_with_a_fraction_of_nothing(text: str) -> None:
    assert rows_of_csv([{"year": text}], FEATURES) == [{"year": 2007}]


@pytest.mark.parametrize("text", ["2007.5", "inf", "nan."])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(WrongUsage, match="is no integer"):
        rows_of_csv([{"year": text}], FEATURES)


@pytest.mark.parametrize("missing", ["", " ", "NA", "null"])
def test_a_missing_value_is_null(missing: str) -> None:
    assert rows_of_csv([{"bill": missing}], FEATURES) == [{"bill": None}]


def test_a_value_that_does_not_fit_is_named_with_its_line() -> None:
    with pytest.raises(WrongUsage, match=r"line 3: column year has 'soon', which is no integer"):
        rows_of_csv([{"year": "2007"}, {"year": "soon"}], FEATURES)
