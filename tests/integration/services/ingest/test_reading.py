"""What is kept of a file is what is in it."""

import datetime as dt
import random
from pathlib import Path

import pytest

from services.ingest.domain.errors import AccountingFailed
from services.ingest.domain.kinds import Kind
from services.ingest.reading import typed
from services.ingest.reading.delimited import kinds_of, prepare
from services.ingest.reading.typed import Limits, write_typed
from tests.integration.services.ingest.conftest import Desk


def types(desk: Desk, data: str | bytes) -> dict[str, str]:
    return {column.name: column.type for column in desk.take(data).columns}


def test_every_type_comes_back_as_it_was_written(desk: Desk) -> None:
    table = desk.take(
        "n,x,b,s,d,t,zip\n"
        '1,0.5,true,"a,""b""\nc",2026-11-24,2026-11-24 10:00:00.5,01234\n'
        "NA,NaN,False,None,,null,98101\n"
    )
    assert desk.rows(table) == {
        "n": [1, None],
        "x": [0.5, None],
        "b": [True, False],
        "s": ['a,"b"\nc', None],
        "d": [dt.date(2026, 11, 24), None],
        "t": [dt.datetime.fromisoformat("2026-11-24T10:00:00.5"), None],
        "zip": ["01234", "98101"],
    }
    assert [(c.type, c.missing, c.distinct) for c in table.columns] == [
        ("integer", 1, 1),
        ("float", 1, 1),
        ("boolean", 0, 2),
        ("string", 1, 1),
        ("date", 1, 1),
        ("timestamp", 1, 1),
        ("string", 0, 2),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_how_a_text_is_encoded_makes_no_other_content(desk: Desk, encoding: str, end: str) -> None:
    table = desk.take(end.join(["größe;n", "é;1", "ü;2", ""]).encode(encoding))
    assert desk.rows(table) == {"größe": ["é", "ü"], "n": [1, 2]}
    assert table.version == desk.take("größe;n\né;1\nü;2\n").version
    assert (len(table.notes) == 1) == (encoding == "cp1252")


def test_a_file_of_mixed_line_ends_is_read(desk: Desk) -> None:
    assert desk.rows(desk.take(b"a,b\r\n1,2\n3,4\r5,6")) == {"a": [1, 3, 5], "b": [2, 4, 6]}


def test_one_column_keeps_its_blank_lines(desk: Desk) -> None:
    assert desk.rows(desk.take("a\n1\n\n2\n")) == {"a": [1, None, 2]}


def test_the_rows_of_the_rarest_value_are_counted(desk: Desk) -> None:
    columns = desk.take("y,n,empty\na,1,\na,2,\nb,1,\na,2,\n,2,\n").columns
    assert [column.rarest for column in columns] == [1, 2, None]


def test_values_too_many_to_be_classes_are_not_counted_each(desk: Desk) -> None:
    (column,) = desk.take("n\n" + "".join(f"{n}\n" for n in range(10_001))).columns
    assert (column.distinct, column.rarest) == (10_001, None)


def test_a_column_without_any_value_is_told(desk: Desk) -> None:
    (column, _) = desk.take("empty,a\n,1\nNA,2\n").columns
    assert (column.type, column.missing, column.distinct) == ("string", 2, 0)


def test_a_column_name_may_hold_anything(desk: Desk) -> None:
    names = ['say "hi"', "it's; DROP", "ä{b}%", "c0"]
    header = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    assert list(desk.rows(desk.take(f"{header}\n1,2,3,4\n5,6,7,8\n"))) == names


def test_a_long_value_is_read_and_a_longer_one_is_listed(desk: Desk) -> None:
    table = desk.take("a,b\n1," + "x" * 1_000_000 + "\n2,y\n3," + "z" * 3_000_000 + "\n")
    assert (table.rows, table.malformed.rejected[0].line) == (2, 4)
    assert table.malformed.rejected[0].problem == "is longer than 2,000,000 bytes"


def test_a_thousand_columns_are_read(desk: Desk) -> None:
    names = [f"c{n}" for n in range(1_000)]
    table = desk.take("\n".join([",".join(names), *[",".join(map(str, range(1_000)))] * 50]))
    assert (table.rows, len(table.columns)) == (50, 1_000)


LATE = 25_000
"""Beyond the rows that the types are seen from."""


@pytest.mark.parametrize(
    ("early", "late", "expected"),
    [
        ("1", "2.5", ("float", 2.5)),
        ("1", "9007199254740993", ("integer", 9007199254740993)),
        ("1", "99999999999999999999", ("string", "99999999999999999999")),
        ("true", "yes", ("string", "yes")),
        ("2026-11-24", "2026-11-24 10:00", ("timestamp", dt.datetime.fromisoformat("2026-11-24T10:00"))),
        ("2026-11-24 09:00", "2026-11-24 10:00+02", ("string", "2026-11-24 10:00+02")),
        ("2026-11-24 09:00", "2026-02-30 10:00", ("string", "2026-02-30 10:00")),
        ("", "7", ("integer", 7)),
        ("", "x", ("string", "x")),
    ],
)
def test_a_late_value_widens_its_column(desk: Desk, early: str, late: str, expected: tuple[str, object]) -> None:
    table = desk.take("a,v\n" + f"1,{early}\n" * LATE + f"2,{late}\n")
    assert (table.columns[1].type, desk.rows(table)["v"][-1]) == expected
    assert (table.rows, table.malformed.listed) == (LATE + 1, 0)


def test_a_late_identifier_keeps_its_zeros(desk: Desk) -> None:
    table = desk.take("zip,a\n" + "98101,1\n" * LATE + "01234,2\n")
    assert (table.columns[0].type, desk.rows(table)["zip"][-1]) == ("string", "01234")


def test_a_column_with_many_misfits_is_text_and_loses_nothing(desk: Desk) -> None:
    table = desk.take("a,v\n" + "1,2\n" * LATE + "1,x\n" * 1_000)
    assert (table.columns[1].type, table.rows, table.malformed.listed) == ("string", LATE + 1_000, 0)


def test_malformed_rows_are_listed_by_their_true_lines(desk: Desk) -> None:
    lines = ["", "id,n,s"]
    bad: dict[int, str] = {}
    for row in range(23_000):
        lines.append(f'{row},{row % 7},"one\ntwo, {row}"' if row % 1_000 == 3 else f"{row},{row % 7},x")
        if row % 700 == 5:
            line = sum(part.count("\n") + 1 for part in lines) + 1
            text, problem = (
                ("1,2", "has fewer values than the header has names"),
                ("1,2,3,4", "has more values than the header has names"),
                ("1,many,x", "holds a value that does not fit the column n"),
                ('1,2,"x"y', "has text after a closing quote"),
            )[len(bad) % 4]
            bad[line] = problem
            lines.append(text)
    table = desk.take("\n".join(lines))
    assert (table.rows, table.malformed.listed) == (23_000, len(bad))
    told = {row.line: row.problem for row in table.malformed.rejected}
    assert told == dict(list(bad.items())[:20])


def test_a_large_mixed_file_is_read_whole(desk: Desk) -> None:
    rng = random.Random(7)
    expected = {
        "id": list(range(40_000)),
        "x": [rng.choice([None, round(rng.gauss(0, 100), 3)]) for _ in range(40_000)],
        "city": [rng.choice(["Köln", 'New "York"', "a,b", None, "line\nend"]) for _ in range(40_000)],
        "day": [dt.date(2020, 1, 1) + dt.timedelta(rng.randrange(2_000)) for _ in range(40_000)],
        "late": [rng.random() < 0.5 for _ in range(40_000)],
    }
    data = "id,x,city,day,late\n" + "".join(
        ",".join("" if v is None else '"' + str(v).replace('"', '""') + '"' for v in row) + "\n"
        for row in zip(*expected.values(), strict=True)
    )
    assert desk.rows(desk.take(data)) == expected


def test_rows_that_the_parallel_reader_loses_are_found_by_the_count(tmp_path: Path) -> None:
    row = b"1," + b"x" * 97 + b"\n"
    # Two bad rows where the last share of the reader's threads begins, at 8,000,000 bytes: the rest is gone.
    data = [b"a," + b"b" * 97 + b"\n", row * 79_999, b"bad\nbad\n", row * 10_000]
    file, _ = prepare("t.csv", lambda: iter(data), tmp_path / "t.csv")
    kinds, limits = [Kind.INTEGER, Kind.STRING], Limits("500MB", 2, tmp_path)
    rows, rejects = typed._copied(file, kinds, tmp_path / "table", limits, parallel=True)
    assert file.records - rows - rejects.listed > 10_000, "DuckDB is repaired: the second, slower reading may go"
    kept, malformed = write_typed(file, kinds, tmp_path / "table", limits)
    assert (kept, malformed.listed) == (89_999, 2)


def test_a_reader_that_disagrees_with_the_count_is_not_believed(tmp_path: Path) -> None:
    file, _ = prepare("t.csv", lambda: iter([b"a,b\n1,2\n3,4\n"]), tmp_path / "t.csv")
    file.path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(AccountingFailed, match="Of the file's 2 rows only 1 were read"):
        write_typed(file, kinds_of(file), tmp_path / "t.parquet", Limits("500MB", 2, tmp_path))


def test_a_late_line_decides_the_type_of_the_first(desk: Desk) -> None:
    lines = [f'{{"n": {n}, "x": {n}, "s": "2026-01-01"}}' for n in range(25_000)]
    lines[24_000] = '{"n": 0.5, "x": "none", "late": true}'
    lines[24_001] = "broken"
    table = desk.take("\n".join(lines), "t.jsonl")
    rows = desk.rows(table)
    assert (table.rows, [row.line for row in table.malformed.rejected]) == (24_999, [24_002])
    assert {column.name: column.type for column in table.columns} == {
        "n": "float",
        "x": "string",
        "s": "date",
        "late": "boolean",
    }
    assert (rows["n"][7], rows["x"][7], rows["late"][7]) == (7.0, "7", None)
    assert (rows["n"][24_000], rows["x"][24_000], rows["late"][24_000]) == (0.5, "none", True)
    assert table.notes == ("The column x is text: it holds integers and text.",)


def test_the_keys_of_a_line_may_stand_in_any_order(desk: Desk) -> None:
    table = desk.take('{"a": 1, "b": "x"}\n{"b": "y", "a": 2}\n', "t.jsonl")
    assert table.version == desk.take("a,b\n1,x\n2,y\n").version
