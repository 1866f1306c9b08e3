import pytest

from services.ingest.domain.content import codec_of, format_of
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
        ("a.csv", b"\xd0\xcf\x11\xe0", "an old or an encrypted Excel"),
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


@pytest.mark.parametrize(
    ("filename", "head", "format_"),
    [
        ("a.jsonl", b'{"a": 1}', "json lines"),
        ("a.NDJSON", b"a first line that is malformed", "json lines"),
        ("a.xlsx", b"PK\x03\x04", "excel"),
        ("a.arrow", b"ARROW1\x00\x00", "arrow"),
        ("a.arrow", b"\xff\xff\xff\xff", "arrow"),
        ("a.feather", b"ARROW1\x00\x00", "arrow"),
        ("a.csv.gz", b"a,b\n", "delimited"),
        ("a.parquet.ZST", b"PAR1", "parquet"),
    ],
)
def test_each_format_has_its_names(filename: str, head: bytes, format_: str) -> None:
    assert format_of(filename, head) == format_


def test_what_a_file_is_compressed_with_is_known_by_its_name_and_its_mark() -> None:
    assert codec_of("a.csv", b"a,b\n") is None
    assert codec_of("a.csv.gz", b"\x1f\x8b\x08") == "gzip"
    assert codec_of("a.jsonl.zst", b"\x28\xb5\x2f\xfd") == "zstd"
    with pytest.raises(UnlikeItsName, match="text"):
        codec_of("a.csv.gz", b"a,b\n")
    with pytest.raises(EmptyFile):
        codec_of("a.csv.gz", b"")


@pytest.mark.parametrize("filename", ["a.xls", "a.gz", "data", "a.json", "a.csv.bz2"])
def test_a_name_of_another_format_is_refused(filename: str) -> None:
    with pytest.raises(UnsupportedFormat, match="no format that is read"):
        format_of(filename, b"a,b\n")


def test_nothing_is_refused() -> None:
    with pytest.raises(EmptyFile):
        format_of("a.csv", b"")
