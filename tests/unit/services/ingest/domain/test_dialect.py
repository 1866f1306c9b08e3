import pytest

from services.ingest.domain.dialect import dialect_of
from services.ingest.domain.errors import DuplicateColumns, EmptyColumnName


@pytest.mark.parametrize(
    ("sample", "delimiter", "names"),
    [
        ("a,b\n1,2\n", ",", ("a", "b")),
        ("a;b\n1,5;2,5\n", ";", ("a", "b")),
        ("a\tb\n1\t2, 3\n", "\t", ("a", "b")),
        ("a|b\n1|2\n", "|", ("a", "b")),
        ("note\nhello, world\nyes\n", ",", ("note",)),
        ('"a,x";"b\n;"\n1;2\n', ";", ("a,x", "b\n;")),
        (" a , b\n1,2\n", ",", ("a", "b")),
        ("a\u2028,b\n1,2\n", ",", ("a", "b")),
    ],
)
def test_the_delimiter_is_the_one_that_rows_agree_on(sample: str, delimiter: str, names: tuple[str, ...]) -> None:
    dialect = dialect_of(sample)
    assert (dialect.delimiter, dialect.names) == (delimiter, names)


def test_a_very_long_value_does_not_stop_the_look() -> None:
    assert dialect_of("a,b\n" + "x" * 200_000 + ",1\n").names == ("a", "b")


def test_names_that_differ_in_capitals_only_are_refused() -> None:
    with pytest.raises(DuplicateColumns, match=r"Species, species"):
        dialect_of("Species,sex,species\n1,2,3\n")


def test_a_column_without_a_name_is_told_by_its_place() -> None:
    with pytest.raises(EmptyColumnName, match="column 1, 3"):
        dialect_of(",a, \n1,2,3\n")
