from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.reports import ReportTable
from infra.objects import ObjectDamaged, ObjectMissing, Objects
from infra.objects.store import open_objects
from ui.tables import read_tables

AREAS = pa.table({"class": ["a", "b"], "mean": [0.1 + 0.2, None]})


@pytest.fixture
def objects() -> Objects:
    return open_objects("memory://")


def stored(objects: Objects, name: str, table: pa.Table) -> ReportTable:
    buffer = BytesIO()
    pq.write_table(table, buffer)
    told = objects.put("reports", [buffer.getvalue()], ".parquet")
    return ReportTable(name=name, key=told.key, digest=told.digest, rows=table.num_rows)


def test_tables_come_by_name_in_the_order_of_the_fact(objects: Objects) -> None:
    told = [stored(objects, "scores", AREAS.slice(1)), stored(objects, "areas", AREAS)]
    read = read_tables(objects, told)
    assert list(read) == ["scores", "areas"]
    assert read["areas"].equals(AREAS)


def test_a_table_that_is_not_what_the_fact_names_is_not_read(objects: Objects) -> None:
    told = stored(objects, "areas", AREAS)
    with pytest.raises(ObjectDamaged):
        read_tables(objects, [told.model_copy(update={"digest": "0" * 64})])
    with pytest.raises(ObjectMissing):
        read_tables(objects, [told.model_copy(update={"key": "reports/none.parquet"})])
