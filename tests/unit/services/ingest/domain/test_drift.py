from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.ingest import LogicalType
from contracts.profiles import ColumnProfile, FrequentValue, Histogram, Numbers, Profile
from contracts.versions import ColumnDrift
from services.ingest.domain.drift import drifts_of, stability_of

ROWS = 100


def a_column(name: str = "x", type_: LogicalType = "float", **fields: Any) -> ColumnProfile:
    defaults: dict[str, Any] = {"kind": "number", "missing": 0, "distinct": 90, "estimated": False}
    return ColumnProfile(name=name, type=type_, **defaults | fields)


def spread(low: float, high: float, counts: tuple[int, ...], missing: int = 0) -> ColumnProfile:
    step = (high - low) / len(counts)
    histogram = Histogram(edges=tuple(low + step * i for i in range(len(counts) + 1)), counts=counts)
    numbers = Numbers(low=low, high=high, mean=None, deviation=None, quantiles=(), histogram=histogram)
    return a_column(numbers=numbers, missing=missing)


def values(*, missing: int = 0, distinct: int | None = None, **rows: int) -> ColumnProfile:
    frequent = tuple(FrequentValue(value=value, rows=n) for value, n in rows.items())
    return a_column(
        type_="string", kind="category", frequent=frequent, missing=missing, distinct=distinct or len(frequent)
    )


def drift(before: ColumnProfile, after: ColumnProfile) -> ColumnDrift:
    (found,) = drifts_of(Profile(rows=ROWS, columns=(before,)), Profile(rows=ROWS, columns=(after,)))
    return found


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (values(a=50, b=50), values(a=50, b=50), "none"),
        (values(a=50, b=50), values(a=45, b=55), "none"),
        (values(a=50, b=50), values(a=32, b=68), "slight"),
        (values(a=50, b=50), values(a=90, b=10), "strong"),
        (values(a=50, b=50), values(a=50, b=40, c=10), "strong"),
        (values(a=50, b=50), values(missing=40, a=30, b=30), "strong"),
        (spread(0, 10, (10,) * 10), spread(0, 10, (10,) * 10), "none"),
        (spread(0, 10, (10,) * 10), spread(0, 10, (20,) * 5), "none"),
        (spread(0, 10, (10,) * 10), spread(5, 15, (10,) * 10), "strong"),
        (a_column(), a_column(), "unknown"),
    ],
)
def test_how_far_values_moved_is_said_in_a_word(before: ColumnProfile, after: ColumnProfile, word: str) -> None:
    found = drift(before, after)
    assert found.drift == word
    assert (found.stability is None) == (word == "unknown")


def test_a_value_beyond_the_list_is_not_taken_for_a_new_one() -> None:
    assert drift(values(distinct=40, a=50, b=10), values(distinct=40, a=50, c=10)).stability == 0


def test_the_share_of_missing_values_is_told() -> None:
    found = drift(spread(0, 1, (90,), missing=10), spread(0, 1, (75,), missing=25))
    assert (found.missing_before, found.missing_after) == (0.1, 0.25)


def test_columns_that_moved_farthest_come_first_and_those_of_another_type_not_at_all() -> None:
    still, unknown = a_column("still", frequent=(FrequentValue(value="1", rows=ROWS),), distinct=1), a_column("unknown")
    before = (unknown, still, values(a=90, b=10), a_column("y", "date"), a_column("gone"))
    after = (unknown, still, values(a=10, b=90), a_column("y", "string"), a_column("new"))
    found = drifts_of(Profile(rows=ROWS, columns=before), Profile(rows=ROWS, columns=after))
    assert [(column.name, column.drift) for column in found] == [
        ("x", "strong"),
        ("still", "none"),
        ("unknown", "unknown"),
    ]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1))
def test_the_index_is_never_negative_and_the_same_both_ways(shares: list[tuple[float, float]]) -> None:
    before, after = [share for share, _ in shares], [share for _, share in shares]
    assert stability_of(before, after) >= 0
    assert stability_of(before, after) == pytest.approx(stability_of(after, before))
