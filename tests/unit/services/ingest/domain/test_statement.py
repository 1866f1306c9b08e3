"""Queries: what may be asked, and how names are written."""

import pytest

from services.ingest.domain.database_errors import NotOneQuery
from services.ingest.domain.statement import query_of, reading, table_name, within


@pytest.mark.parametrize(
    "query",
    ["select 1", "  SELECT 1;\n", "-- why\nselect 1", "/* a\n * b */ with a as (select 1) select * from a",
     "values (1)", "table orders", "(select 1) union (select 2)"],
)  # fmt: skip
def test_a_query_that_reads_is_asked(query: str) -> None:
    assert reading(query) == query.strip().rstrip(";")


@pytest.mark.parametrize("query", ["", "delete from a", "-- select\ndrop table a", "selection", "begin; select 1"])
def test_a_query_that_begins_otherwise_is_refused(query: str) -> None:
    with pytest.raises(NotOneQuery):
        reading(query)


def test_a_comment_at_the_end_does_not_swallow_what_follows() -> None:
    assert within("select 1 -- one").endswith("\n) AS asked")


def test_a_name_cannot_leave_its_quotes() -> None:
    assert query_of('a"; drop table b', None) == 'SELECT * FROM "a"."; drop table b"'
    assert table_name('s."a ""b"""') == '"s"."a ""b"""'
    assert table_name('s."Quoted"', str.upper) == '"S"."Quoted"'
