"""Each file that cannot become a dataset version is refused with the cause and the cure, and leaves nothing."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from contracts.errors import Refusal
from services.ingest.domain.file_errors import ScratchFull
from services.ingest.intake import ObjectIntake
from tests.builders.disks import small_disk
from tests.builders.formats import as_arrow, as_csv, as_json_lines, as_parquet, workbook
from tests.integration.services.ingest.conftest import Desk

WIDE = ",".join(f"c{n}" for n in range(10_000)) + "\n" + (",".join("1" * 10_000) + "\n") * 2
TABLE = pa.table({"a": [1, 2, 3], "b": ["x", "y", "z"]})
GOOD_PARQUET = as_parquet(TABLE)
GOOD_SHEET = [["a", "b"], [1, "x"], [2, "y"]]
CENTS = pa.table({"a": pa.array(["1.50", "2"]).cast(pa.decimal128(9, 2))})
NESTED = pa.table({"a": [{"b": 1}, {"b": 2}]})
STREAM = as_arrow(TABLE, 1, stream=True)
ZSTD = pa.compress(b"a,b\n1,2\n3,4\n", "zstd", asbytes=True)
GZIP = gzip.compress(b"a,b\n1,2\n3,4\n")


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x")
    return file.getvalue()


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
    ("t.csv", WIDE.encode(), "TooLittleMemory", "thousands of columns"),
    ("t.csv", b"a,b\n1\x00,2\n3,4\n", "UnlikeItsName", "binary data"),
    ("t.csv", GOOD_PARQUET, "UnlikeItsName", "a Parquet file"),
    ("t.csv", b"PK\x03\x04" + b"\x00" * 50, "UnlikeItsName", "Excel"),
    ("t.csv", b"\x1f\x8b\x08\x00", "UnlikeItsName", "gzip"),
    ("t.csv", b'{"a": 1}\n{"a": 2}\n', "UnlikeItsName", "JSON"),
    ("t.csv", b"<html><body>404</body></html>", "UnlikeItsName", "HTML"),
    ("t.parquet", b"a,b\n1,2\n", "UnlikeItsName", "text"),
    ("t.xls", b"\xd0\xcf\x11\xe0", "UnsupportedFormat", "no format that is read"),
    ("t.csv.bz2", b"BZh", "UnsupportedFormat", "no format that is read"),
    ("t.gz", GZIP, "UnsupportedFormat", "no format that is read"),
    ("t.csv.gz", b"", "EmptyFile", "t.csv.gz is empty"),
    ("t.csv.gz", gzip.compress(b""), "EmptyFile", "t.csv.gz is empty"),
    ("t.csv.gz", b"a,b\n1,2\n3,4\n", "UnlikeItsName", "text"),
    ("t.csv.gz", ZSTD, "UnlikeItsName", "zstd"),
    ("t.csv.zst", GZIP, "UnlikeItsName", "gzip"),
    ("t.csv.gz", gzip.compress(GOOD_PARQUET), "UnlikeItsName", "a Parquet file"),
    ("t.csv.gz", GZIP[:4], "DamagedCompression", "Truncated"),
    ("t.csv.gz", GZIP[:-1], "DamagedCompression", "Truncated"),
    ("t.csv.gz", GZIP + GZIP[:-9], "DamagedCompression", "Truncated"),
    ("t.csv.gz", GZIP + b"and more", "DamagedCompression", "incorrect header"),
    ("t.csv.gz", GZIP[:-6] + b"\x00" + GZIP[-5:], "DamagedCompression", "incorrect data"),
    ("t.csv.zst", ZSTD[:-1], "DamagedCompression", "Truncated"),
    ("t.parquet.gz", gzip.compress(GOOD_PARQUET)[:-9], "DamagedCompression", "Truncated"),
    ("t.csv.gz", gzip.compress(b"0" * 300_000_000, 1), "GrowsTooMuch", "more than 200 times"),
    ("t.jsonl", b"\n \r\n\n", "EmptyFile", "t.jsonl is empty"),
    ("t.jsonl", b'[{"a": 1},\n{"a": 2}]\n', "NotJsonLines", "2 of the 2 lines in t.jsonl hold no row"),
    ("t.jsonl", b'{\n  "a": 1\n}\n{\n  "a": 2\n}\n', "NotJsonLines", "6 of the 6 lines"),
    ("t.jsonl", b"a,b\n1,2\n3,4\n", "NotJsonLines", "line 1 is not JSON: Expecting value at character 1"),
    ("t.jsonl", b"{}\n{}\n", "NoColumns", "no columns"),
    ("t.jsonl", b'{"a": 1}\n', "TooFewRows", "1 usable row"),
    ("t.jsonl", b'{"a": 1}\n{"A": 2}\n', "DuplicateColumns", "a, A"),
    ("t.jsonl", b'{"": 1}\n{"": 2}\n', "EmptyColumnName", "column 1"),
    ("t.jsonl", b"".join(b'{"k%d": 1}\n' % n for n in range(20_001)), "TooManyColumns", "20,000 different keys"),
    ("t.jsonl", '{"a": 1}\n'.encode("utf-16")[:-1], "UnreadableEncoding", "UTF-16"),
    ("t.xlsx", b"PK\x03\x04", "UnreadableWorkbook", "not a zip file"),
    ("t.xlsx", zipped("readme.txt"), "UnreadableWorkbook", "Content_Types"),
    ("t.xlsx", workbook(GOOD_SHEET)[:-100], "UnreadableWorkbook", "not a zip file"),
    ("t.xlsx", b"\xd0\xcf\x11\xe0", "UnlikeItsName", "an old or an encrypted Excel workbook"),
    ("t.xlsx", workbook([]), "EmptyFile", "t.xlsx is empty"),
    ("t.xlsx", workbook(GOOD_SHEET[:1]), "NoRows", "no rows"),
    ("t.xlsx", workbook(GOOD_SHEET[:2]), "TooFewRows", "1 usable row"),
    ("t.xlsx", workbook(GOOD_SHEET, GOOD_SHEET), "SeveralSheets", "t.xlsx has several sheets: Sheet1, Sheet2"),
    ("t.xlsx", workbook(GOOD_SHEET, tweak=lambda s: s.merge_cells("B2:B3")), "MergedCells", "cells: B2:B3"),
    ("t.xlsx", workbook([["a", "b"], [1, "=A2+1"], [2, 3]]), "UncalculatedFormulas", "1 formulas in the sheet Sheet1"),
    ("t.xlsx", workbook([["a", "a"], [1, 2], [3, 4]]), "DuplicateColumns", "a, a"),
    ("t.xlsx", workbook([["a"], [1, 2], [3, 4]]), "EmptyColumnName", "column 2"),
    ("t.arrow", GOOD_PARQUET, "UnlikeItsName", "a Parquet file"),
    ("t.arrow", b"FEA1", "UnlikeItsName", "Feather file of the first version"),
    ("t.arrow", as_arrow(TABLE)[:-1], "UnreadableArrow", "it was cut"),
    ("t.arrow", as_arrow(TABLE) * 2, "UnreadableArrow", "several files were joined"),
    ("t.arrow", STREAM[:-8], "UnreadableArrow", "rows may be missing"),
    ("t.arrow", STREAM[:-9], "UnreadableArrow", "damaged"),
    ("t.arrow", STREAM * 2, "UnreadableArrow", "several files were joined"),
    ("t.arrow", as_arrow(NESTED), "UnsupportedColumns", "a (struct"),
    ("t.arrow", as_arrow(pa.table({"a": pa.array([], pa.int64())})), "NoRows", "no rows"),
    ("t.parquet", as_parquet(NESTED), "UnsupportedColumns", "a (struct"),
    ("t.parquet", GOOD_PARQUET[:-20], "UnreadableParquet", "damaged"),
    ("t.parquet", b"PAR1", "UnreadableParquet", "damaged"),
    ("t.parquet", as_parquet(pa.table({"a": pa.array([], pa.int64())})), "NoRows", "no rows"),
    ("t.parquet", as_parquet(pa.table({"a": [1]})), "TooFewRows", "1 usable row"),
    ("t.parquet", as_parquet(pa.table([[1, 2], [3, 4]], ["a", "A"])), "DuplicateColumns", "a, A"),
    ("t.parquet", as_parquet(pa.table({"a": [[1], [2]]})), "UnsupportedColumns", "a (list"),
    ("t.parquet", as_parquet(pa.table({"a": [b"x", b"y"]})), "UnsupportedColumns", "a (binary"),
    ("t.parquet", as_parquet(pa.table({"a": pa.array([2**63, 1], pa.uint64())})), "UnsupportedColumns", "a (uint64"),
    ("t.parquet", as_parquet(pa.table({"a": pa.array([1, 2], pa.timestamp("ns"))})), "UnsupportedColumns", "a (time"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("filename", "data", "reason", "told"),
    CASES,
    ids=[f"{number}-{name}-{reason}" for number, (name, _, reason, _) in enumerate(CASES)],
)
def test_a_bad_file_is_refused_and_leaves_nothing(
    desk: Desk, filename: str, data: bytes, reason: str, told: str
) -> None:
    with pytest.raises(Refusal) as refused:
        desk.take(data, filename)
    assert (refused.value.reason, told in refused.value.cause) == (reason, True), refused.value.cause
    assert refused.value.cause.endswith(".")
    assert refused.value.cure.endswith(".")
    assert desk.objects.keys("datasets") == []


# The file, the rows that an honest count finds in it, the lines that are listed, a word of the note if there must be
# one, and a column of what is kept.
ACCOUNTED: list[tuple[str, bytes, int, list[int], str, dict[str, list[Any]]]] = [
    ("t.csv", b"a,b\r\n1,2\n3,4\r5,6", 3, [], "", {"a": [1, 3, 5]}),
    ("t.csv", b"\xef\xbb\xbfa,b\n1,2\n3,4\n", 2, [], "", {"a": [1, 3]}),
    ("t.csv", b"a,b\n" + b"0,0\n" * 1_100 + b"1\x00,2\n", 1_101, [1_102], "", {"a": [0] * 1_100}),
    ("t.csv", b"a^b\n1^2\n3^4\n", 2, [], "", {"a^b": ["1^2", "3^4"]}),
    ("t.csv", b"a,b\n1,2\n3\n4,5,6\n7,8\n9,10\n", 5, [3, 4], "", {"a": [1, 7, 9]}),
    ("t.csv", b'a,b\n1,"x"y\n3,4\n5,6\n', 3, [2], "", {"a": [3, 5]}),
    ("t.csv", b'a,b\n"x\ny",1\n3\n4,5\n6,7\n', 4, [4], "", {"a": ["x\ny", "4", "6"]}),
    ("t.csv", b"a\n9223372036854775808\n1\n", 2, [], "", {"a": ["9223372036854775808", "1"]}),
    ("t.csv", b"a\n9007199254740993\n1\n", 2, [], "", {"a": [9007199254740993, 1]}),
    ("t.csv", b"a\n2026-11-24\n24.11.2026\n11/24/2026\n", 3, [], "", {"a": ["2026-11-24", "24.11.2026", "11/24/2026"]}),
    ("t.csv", b"a;b\n1,5;2\n2,5;3\n", 2, [], "comma", {"a": ["1,5", "2,5"]}),
    ("t.csv", "a,b\nü,1\nä,2\n".encode("cp1252"), 2, [], "Windows-1252", {"a": ["ü", "ä"]}),
    ("t.csv.gz", GZIP + gzip.compress(b"5,6\n"), 3, [], "", {"a": [1, 3, 5]}),
    ("t.csv.gz", gzip.compress(b"a,b\n1,2\n3\n4,5\n"), 3, [3], "", {"a": [1, 4]}),
    ("t.csv.zst", ZSTD + ZSTD.replace(b"a,b", b"7,8"), 5, [], "", {"a": [1, 3, 7, 1, 3]}),
    ("t.jsonl", b'\xef\xbb\xbf{"a": 1}\r\n\n{"a": 2}', 2, [], "", {"a": [1, 2]}),
    ("t.jsonl", b'{"a": 1}\nbroken\n\n{"a": 2}\n{"a": 3, "a": 4}\n{"a": 5}\n', 5, [2, 5], "", {"a": [1, 2, 5]}),
    ("t.jsonl", b'{"a": 1}\n{"a": 2\n{"a": 3}\n[4]\n{"a": 5}\n', 5, [2, 4], "", {"a": [1, 3, 5]}),
    ("t.jsonl", b'{"a": "\xff"}\n{"a": "x"}\n{"a": "\\ud800"}\n{"a": "y"}\n', 4, [1, 3], "", {"a": ["x", "y"]}),
    ("t.jsonl", b'{"a": "x"}\n{"a": "\\u0000"}\n', 2, [], "", {"a": ["x", "\x00"]}),
    ("t.jsonl", b'{"a": 1}\n' * 1_000 + b'{"a": \x00}\n', 1_001, [1_001], "", {"a": [1] * 1_000}),
    ("t.jsonl", b'{"a": 1, "b": 2}\n{"b": 3}\n{"c": 4, "a": 5}\n', 3, [], "", {"a": [1, None, 5], "b": [2, 3, None]}),
    ("t.jsonl", b'{"a": [1.00, {"b": null}]}\n{}\n', 2, [], "JSON", {"a": ['[1.00, {"b": null}]', None]}),
    ("t.jsonl", b'{"a": 1}\n{"a": "x"}\n{"a": 1.50}\n{"a": true}\n', 4, [], "text", {"a": ["1", "x", "1.50", "true"]}),
    ("t.jsonl", b'{"a": 9223372036854775808}\n{"a": 1}\n', 2, [], "64 bits", {"a": ["9223372036854775808", "1"]}),
    ("t.jsonl", b'{"a": 9007199254740993}\n{"a": 0.5}\n', 2, [], "2^53", {"a": ["9007199254740993", "0.5"]}),
    ("t.jsonl", b'{"a": 1e999}\n{"a": 1.0}\n', 2, [], "too large", {"a": ["1e999", "1.0"]}),
    ("t.jsonl", b'{"a": NaN}\n{"a": 1}\n', 2, [], "", {"a": [None, 1]}),
    ("t.jsonl", b'{"a": "NA"}\n{"a": ""}\n{"a": "007"}\n', 3, [], "", {"a": ["NA", "", "007"]}),
    ("t.jsonl", b'{"a": "2026-11-24"}\n{"a": "24.11.2026"}\n', 2, [], "", {"a": ["2026-11-24", "24.11.2026"]}),
    ("t.jsonl", b'{"a": ' + b"[" * 500 + b"]" * 500 + b'}\n{"a": 1}\n{"a": 2}\n', 3, [1], "", {"a": [1, 2]}),
    ("t.jsonl", b'{"a": ' + b"[" * 9999 + b'\n{"a": 1}\n{"a": 2}\n', 3, [1], "", {"a": [1, 2]}),
    ("t.jsonl", b'{"a": ' + b"1" * 5000 + b'}\n{"a": 1}\n{"a": 2}\n', 3, [1], "", {"a": [1, 2]}),
    ("t.jsonl", b'{"a": "' + b"1" * 17_000_000 + b'"}\n{"a": 1}\n{"a": 2}\n', 3, [1], "", {"a": [1, 2]}),
    ("t.jsonl", '{"a": "ü"}\n{"a": "é"}\n'.encode("utf-16"), 2, [], "", {"a": ["ü", "é"]}),
    ("t.xlsx", workbook(GOOD_SHEET, []), 2, [], "", {"a": [1, 2], "b": ["x", "y"]}),
    ("t.xlsx", workbook([[], [None, "a"], [None, 1], [], [None, 2]]), 2, [], "", {"a": [1, 2]}),
    ("t.xlsx", workbook([["a", "b"], [1, "#DIV/0!"], [2, 3]]), 2, [], "#DIV/0!", {"b": [None, 3]}),
    ("t.xlsx", workbook([["a"], [1], ["NA"]]), 2, [], "integers and text", {"a": ["1", "NA"]}),
    ("t.xlsx", workbook([["a"], ["007"], ["2"]]), 2, [], "", {"a": ["007", "2"]}),
    ("t.xlsx", workbook([["a"], [1], [2.5]]), 2, [], "", {"a": [1.0, 2.5]}),
    ("t.arrow", STREAM, 3, [], "", {"a": [1, 2, 3]}),
    ("t.parquet", as_parquet(CENTS), 2, [], "decimal", {"a": [1.5, 2.0]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("filename", "data", "records", "lines", "note", "columns"),
    ACCOUNTED,
    ids=[f"{number}-{name}" for number, (name, *_) in enumerate(ACCOUNTED)],
)
def test_each_row_of_a_doubtful_file_is_kept_as_it_was_or_listed(
    desk: Desk, filename: str, data: bytes, records: int, lines: list[int], note: str, columns: dict[str, list[Any]]
) -> None:
    table = desk.take(data, filename)
    kept = desk.rows(table)
    assert table.rows + table.malformed.listed == records
    assert [row.line for row in table.malformed.rejected] == lines
    assert {name: kept[name] for name in columns} == columns
    assert (note in " ".join(table.notes)) if note else not table.notes


MANY = pa.table({"a": range(200_000), "b": [f"{n * 7919 % 1_000_003} is no number" for n in range(200_000)]})


@pytest.mark.parametrize(
    ("filename", "data"),
    [
        ("t.csv", as_csv(MANY)),
        ("t.csv.gz", gzip.compress(as_csv(MANY), 1)),
        ("t.jsonl", as_json_lines(MANY)),
        ("t.parquet", as_parquet(MANY)),
        ("t.arrow", as_arrow(MANY)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("room", [1, 6])
def test_a_full_disk_is_told_and_nothing_is_kept(
    desk: Desk, tmp_path: Path, filename: str, data: bytes, room: int
) -> None:
    key = desk.upload(data, filename)
    with small_disk(tmp_path / "small", room) as disk:
        if disk is None:
            pytest.skip("only root may mount a disk")
        intake = ObjectIntake(desk.objects, memory="500MB", threads=2, scratch=disk.folder)
        try:
            intake.take(key, filename)
        except ScratchFull:
            assert desk.objects.keys("datasets") == []
        else:
            assert room > 1
        assert disk.files() == set()


@pytest.mark.parametrize("key", ["uploads/nobody", "datasets/secret", "uploads/../datasets/secret", ""])
def test_an_upload_that_is_not_there_is_told(desk: Desk, key: str) -> None:
    desk.objects.create("datasets/secret", [b"a,b\n1,2\n3,4\n"])
    with pytest.raises(Refusal) as refused:
        desk.intake.take(key, "t.csv")
    assert refused.value.reason == "UploadMissing"


def test_blank_lines_before_a_malformed_row_are_counted(desk: Desk) -> None:
    table = desk.take("a,b\n1,2\n\n\n3\n\n4,5\n6,7,8\n")
    assert [row.line for row in table.malformed.rejected] == [5, 8]
