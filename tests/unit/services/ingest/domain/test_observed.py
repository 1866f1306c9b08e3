import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.kinds import Kind
from services.ingest.domain.observed import Literal, Observed, as_text, kept

DAY = dt.date.fromisoformat("2026-11-24")
NOON = dt.datetime.fromisoformat("2026-11-24 12:00:00")

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.sampled_from(["x", "", "2026-11-24", "2026-11-24 10:00", "2026-11-24T10:00Z", "2026-02-30"]),
    st.just([1]),
    st.just(DAY),
    st.just(NOON),
)


def observed(*batches: list[Any]) -> Observed:
    column = Observed()
    for batch in batches:
        column.add(batch)
    return column


@pytest.mark.parametrize(
    ("column", "kind", "note"),
    [
        ([None, None], Kind.STRING, None),
        ([True, None], Kind.BOOLEAN, None),
        ([-(2**63), 2**63 - 1], Kind.EXACT, None),
        ([1, 2**63], Kind.STRING, "integers beyond 64 bits"),
        ([1, 0.5], Kind.FLOAT, None),
        ([2**53, 0.5], Kind.FLOAT, None),
        ([2**53 + 1, 0.5], Kind.STRING, "fractions beside integers beyond 2^53"),
        ([0.5, float("inf")], Kind.STRING, "infinite or too large"),
        ([1, True], Kind.STRING, "booleans and integers"),
        ([1, "1"], Kind.STRING, "integers and text"),
        ([[1], {"a": 1}], Kind.STRING, "kept as JSON"),
        (["2026-11-24", "2026-11-25"], Kind.DATE, None),
        (["2026-11-24", "2026-11-25 10:00"], Kind.TIMESTAMP, None),
        (["2026-11-24T10:00Z", "2026-11-24 10:00+02:00"], Kind.INSTANT, None),
        (["2026-11-24", "2026-02-30"], Kind.STRING, None),
        (["9999-12-31T23:00-02:00"], Kind.STRING, None),
        ([DAY], Kind.DATE, None),
        ([DAY, NOON], Kind.TIMESTAMP, None),
        ([DAY, dt.time(10)], Kind.STRING, "dates and times of day"),
    ],
)
def test_a_column_is_what_holds_each_of_its_values(column: list[Any], kind: Kind, note: str | None) -> None:
    seen = observed(column)
    assert seen.kind is kind
    assert (note in str(seen.note("c"))) if note else seen.note("c") is None


@given(st.lists(values, max_size=12), st.integers(0, 12))
def test_how_the_values_are_cut_into_batches_makes_no_difference(column: list[Any], cut: int) -> None:
    whole, parts, turned = observed(column), observed(column[:cut], column[cut:]), observed(column[::-1])
    assert (whole.kind, whole.note("c")) == (parts.kind, parts.note("c")) == (turned.kind, turned.note("c"))


@given(st.lists(values, max_size=12))
def test_what_is_kept_is_what_was_there(column: list[Any]) -> None:
    kind = observed(column).kind
    result = kept(column, kind)
    assert [value is None for value in result] == [value is None for value in column]
    if kind in {Kind.EXACT, Kind.BOOLEAN, Kind.FLOAT}:
        assert result == column


def test_moments_are_read_and_days_among_them_begin_at_midnight() -> None:
    assert kept(["2026-11-24", None], Kind.DATE) == [DAY, None]
    assert kept(["2026-11-24T10:00+02:00"], Kind.INSTANT) == [dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)]
    assert kept([DAY, NOON], Kind.TIMESTAMP) == [dt.datetime.combine(DAY, dt.time()), NOON]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (12, "12"),
        (Literal("1.50"), "1.50"),
        ({"a": [Literal("1e400"), None, "ü"]}, '{"a": [1e400, null, "ü"]}'),
        (dt.time(10, 30), "10:30:00"),
        (NOON, "2026-11-24 12:00:00"),
    ],
)
def test_text_loses_nothing_of_a_value(value: Any, text: str) -> None:
    assert as_text(value) == text
