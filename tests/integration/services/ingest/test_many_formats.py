"""Files of other formats than CSV and Parquet are parts of a table like those."""

import gzip

import pyarrow as pa
import pytest

from contracts.ingest import RejectedRow
from services.ingest.domain.many_errors import MixedFormats
from tests.integration.services.ingest.conftest import Desk
from tests.integration.services.ingest.test_many_files import parquet, take


def arrow(**columns: list[object]) -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.table(columns)
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def test_compressed_and_plain_files_are_one_table(desk: Desk) -> None:
    csv = take(desk, {"a.csv": "n\n1\n2\n", "b.csv.gz": gzip.compress(b"n\n3\n4\n")})
    assert desk.rows(csv) == {"n": [1, 2, 3, 4]}
    assert take(desk, {"a.parquet": parquet(n=[1, 2]), "b.pq": parquet(n=[3, 4])}).version == csv.version


@pytest.mark.parametrize("ending", ["arrow", "jsonl", "jsonl.gz"])
def test_each_format_has_parts(desk: Desk, ending: str) -> None:
    lines = {"a": b'{"n": 1, "s": "x"}\n{"n": 2, "s": "y"}\n', "b": b'{"n": 0.5}\n{"n": 4}\n'}
    made = {
        "arrow": {"a": arrow(n=[1, 2], s=["x", "y"]), "b": arrow(n=[0.5, 4.0])},
        "jsonl": lines,
        "jsonl.gz": {name: gzip.compress(data) for name, data in lines.items()},
    }[ending]
    table = take(desk, {f"{name}.{ending}": data for name, data in made.items()})
    assert desk.rows(table) == {"n": [1, 2, 0.5, 4], "s": ["x", "y", None, None]}


def test_a_malformed_line_is_told_with_its_file(desk: Desk) -> None:
    table = take(desk, {"a.jsonl": '{"n": 1}\n{"n": 2}\n', "b.jsonl": '{"n": 3}\n{"n": 4}\nnothing\n'})
    assert (table.rows, table.malformed.listed) == (4, 1)
    [row] = table.malformed.rejected
    assert row == RejectedRow(line=3, problem=row.problem, file="b.jsonl")


def test_formats_are_not_mixed(desk: Desk) -> None:
    with pytest.raises(MixedFormats, match=r"a\.csv is delimited and b\.jsonl is json lines"):
        take(desk, {"a.csv": "n\n1\n", "b.jsonl": '{"n": 1}\n'})
