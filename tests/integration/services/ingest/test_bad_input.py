"""Each file that cannot become a dataset version is refused with the cause and the cure, and leaves nothing."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.errors import Refusal
from tests.integration.services.ingest.conftest import Desk


def parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


GOOD_PARQUET = parquet(pa.table({"a": [1, 2, 3]}))

CASES: list[tuple[str, bytes, str, str]] = [
    ("t.csv", b"", "EmptyFile", "t.csv is empty"),
    ("t.csv", b"\n\r\n\n", "EmptyFile", "is empty"),
    ("t.csv", b"\xef\xbb\xbf", "EmptyFile", "is empty"),
    ("t.csv", b"a,b\n", "NoRows", "no rows"),
    ("t.csv", b"a,b\n\n\n", "NoRows", "no rows"),
    ("t.csv", b"a,b", "NoRows", "no rows"),
    ("t.csv", b"a,b\n1,2\n", "TooFewRows", "holds 1 usable row;"),
    ("t.csv", b"a,b\n1,2\n3\n", "TooFewRows", "holds 1 usable row;"),
    ("t.csv", b"a,b,A\n1,2,3\n4,5,6\n", "DuplicateColumns", "a, A"),
    ("t.csv", b",a\n0,1\n1,2\n", "EmptyColumnName", "column 1"),
    ("t.csv", b"a,b\n1\n2\n3,4\n", "TooManyMalformedRows", "2 of 3 rows are malformed; the first: line 2 has few"),
    ("t.csv", b'a,b\n1,2\n3,"4\n5,6\n', "UnclosedQuote", "line 3"),
    ("t.csv", b'\n\na,b\n1,2\n3,"4\n5,6\n', "UnclosedQuote", "line 5"),
    ("t.csv", "a,b\nü,1\n".encode() + "é,2\n".encode("cp1252"), "MixedEncodings", "line 3 holds the byte 0xe9"),
    ("t.csv", b"a,b\n\x81,1\n2,3\n", "UnreadableEncoding", "line 2 holds the byte 0x81"),
    ("t.csv", "a,b\n1,2\n".encode("utf-16") + b"\x00", "UnreadableEncoding", "UTF-16"),
    ("t.csv", b"a\x00,\x00b\x00\n\x00", "UnlikeItsName", "UTF-16 without its mark"),
    ("t.csv", GOOD_PARQUET, "UnlikeItsName", "a Parquet file"),
    ("t.csv", b"PK\x03\x04" + b"\x00" * 50, "UnlikeItsName", "Excel"),
    ("t.csv", b"\x1f\x8b\x08\x00", "UnlikeItsName", "gzip"),
    ("t.csv", b'{"a": 1}\n{"a": 2}\n', "UnlikeItsName", "JSON"),
    ("t.csv", b"<html><body>404</body></html>", "UnlikeItsName", "HTML"),
    ("t.parquet", b"a,b\n1,2\n", "UnlikeItsName", "text"),
    ("t.xlsx", b"PK\x03\x04", "UnsupportedFormat", "neither CSV nor Parquet"),
    ("t.csv.gz", b"\x1f\x8b\x08\x00", "UnsupportedFormat", "neither CSV nor Parquet"),
    ("t.parquet", GOOD_PARQUET[:-20], "UnreadableParquet", "damaged"),
    ("t.parquet", b"PAR1", "UnreadableParquet", "damaged"),
    ("t.parquet", parquet(pa.table({"a": pa.array([], pa.int64())})), "NoRows", "no rows"),
    ("t.parquet", parquet(pa.table({"a": [1]})), "TooFewRows", "1 usable row"),
    ("t.parquet", parquet(pa.table([[1, 2], [3, 4]], ["a", "A"])), "DuplicateColumns", "a, A"),
    ("t.parquet", parquet(pa.table({"a": [[1], [2]]})), "UnsupportedColumns", "a (list"),
    ("t.parquet", parquet(pa.table({"a": [b"x", b"y"]})), "UnsupportedColumns", "a (binary"),
    ("t.parquet", parquet(pa.table({"a": pa.array([2**63, 1], pa.uint64())})), "UnsupportedColumns", "a (uint64"),
    ("t.parquet", parquet(pa.table({"a": pa.array([1, 2], pa.timestamp("ns"))})), "UnsupportedColumns", "a (timestamp"),
]  # fmt: skip


@pytest.mark.parametrize(("filename", "data", "reason", "told"), CASES)
def test_a_bad_file_is_refused_and_leaves_nothing(
    desk: Desk, filename: str, data: bytes, reason: str, told: str
) -> None:
    with pytest.raises(Refusal) as refused:
        desk.take(data, filename)
    assert (refused.value.reason, told in refused.value.cause) == (reason, True), refused.value.cause
    assert refused.value.cause.endswith(".")
    assert refused.value.cure.endswith(".")
    assert desk.objects.keys("datasets") == []


@pytest.mark.parametrize("key", ["uploads/nobody", "datasets/secret", "uploads/../datasets/secret", ""])
def test_an_upload_that_is_not_there_is_told(desk: Desk, key: str) -> None:
    desk.objects.create("datasets/secret", [b"a,b\n1,2\n3,4\n"])
    with pytest.raises(Refusal) as refused:
        desk.intake.take(key, "t.csv")
    assert refused.value.reason == "UploadMissing"
