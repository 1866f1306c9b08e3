import pytest

from services.ingest.domain.content import format_of
from services.ingest.domain.errors import EmptyFile, UnlikeItsName, UnsupportedFormat


@pytest.mark.parametrize("filename", ["a.csv", "a.TSV", "a.b.txt", "a.psv"])
def test_text_is_delimited(filename: str) -> None:
    assert format_of(filename, b"a,b\n1,2\n") == "delimited"
    assert format_of(filename, "a,b".encode("utf-16")) == "delimited"


def test_parquet_is_known_by_its_mark() -> None:
    assert format_of("a.parquet", b"PAR1...") == "parquet"


@pytest.mark.parametrize(
    ("filename", "head", "seems"),
    [
        ("a.csv", b"PAR1", "Parquet"),
        ("a.parquet", b"a,b\n", "text"),
        ("a.csv", b"PK\x03\x04", "Excel"),
        ("a.csv", b"\x1f\x8b\x08", "gzip"),
        ("a.csv", b"\xd0\xcf\x11\xe0", "old Excel"),
        ("a.csv", b"<!DOCTYPE html>", "HTML"),
        ("a.csv", b'{"a": 1}', "JSON"),
        ("a.csv", b'[{"a": 1}]', "JSON"),
        ("a.csv", b"a\x00,\x00b\x00", "UTF-16 without its mark"),
        ("a.parquet", b"ARROW1\x00\x00", "Arrow"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(filename: str, head: bytes, seems: str) -> None:
    with pytest.raises(UnlikeItsName, match=seems):
        format_of(filename, head)


@pytest.mark.parametrize("filename", ["a.xlsx", "a.csv.gz", "data", "a.json"])
def test_a_name_of_another_format_is_refused(filename: str) -> None:
    with pytest.raises(UnsupportedFormat, match="neither CSV nor Parquet"):
        format_of(filename, b"a,b\n")


def test_nothing_is_refused() -> None:
    with pytest.raises(EmptyFile):
        format_of("a.csv", b"")
