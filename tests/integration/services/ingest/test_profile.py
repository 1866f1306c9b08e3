"""What a profile says of real tables, and what holds of any."""

import datetime as dt
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.profiles import ColumnProfile, Profile
from services.ingest.reading.profile import profiled
from services.ingest.reading.typed import Limits
from tests.integration.services.ingest.conftest import Desk

NUMBERS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "integer": (pa.int64(), st.integers(-(2**63), 2**63 - 1) | st.integers(-9, 9)),
    "float": (pa.float64(), st.floats(allow_nan=False) | st.sampled_from([0.0, 0.5, 1e308, -1e308, 5e-324])),
    "date": (pa.date32(), st.dates()),
    "timestamp": (pa.timestamp("us"), st.datetimes()),
}
OTHERS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "boolean": (pa.bool_(), st.booleans()),
    "string": (pa.string(), st.sampled_from(["a", "bb", "ä c"]) | st.text(max_size=5)),
}


def profile_of(table: pa.Table) -> Profile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        pq.write_table(table, path)
        return profiled(path, Limits("500MB", 2, Path(folder)))[1]


def column_of(values: pa.Array, name: str = "x") -> ColumnProfile:
    (column,) = profile_of(pa.table({name: values})).columns
    return column


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    kinds = {**NUMBERS, **OTHERS}
    chosen = draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=4))
    rows = draw(st.integers(2, 30))
    columns = {}
    for index, kind in enumerate(chosen):
        type_, values = kinds[kind]
        columns[f"{kind} {index}"] = pa.array(draw(st.lists(st.none() | values, min_size=rows, max_size=rows)), type_)
    return pa.table(columns)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_counts_add_up_and_numbers_are_in_order(table: pa.Table) -> None:
    profile = profile_of(table)
    assert profile.rows == table.num_rows
    for column, values in zip(profile.columns, table.columns, strict=True):
        assert column.missing == values.null_count
        present = profile.rows - column.missing
        assert column.distinct <= present
        assert sum(value.rows for value in column.frequent) <= present
        counts = [value.rows for value in column.frequent]
        assert counts == sorted(counts, reverse=True)
        if column.numbers is None:
            continue
        told, spread = column.numbers, column.numbers.histogram
        assert spread is not None
        assert sum(spread.counts) == present - column.infinite
        assert len(spread.edges) == len(spread.counts) + 1
        assert list(spread.edges) == sorted(spread.edges)
        assert told.low is not None
        assert told.high is not None
        ordered = [told.low, *told.quantiles, told.high]
        assert ordered == sorted(ordered)
        assert spread.edges[0] == told.low
        assert spread.edges[-1] >= told.high


@settings(max_examples=30, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(table: pa.Table, chance: Any) -> None:
    places = list(range(table.num_rows))
    chance.shuffle(places)
    assert _rounded(profile_of(table.take(places))) == _rounded(profile_of(table))


def test_the_same_table_has_the_same_profile_every_time() -> None:
    chance = np.random.default_rng(1)
    table = pa.table({"x": chance.lognormal(size=400_000), "n": chance.integers(0, 99, 400_000)})
    once = profile_of(table)
    assert all(profile_of(table) == once for _ in range(3))


def test_what_numpy_measures_is_measured() -> None:
    values = np.random.default_rng(2).normal(40, 5, 20_000)
    column = column_of(pa.array(values))
    assert column.kind == "number"
    assert column.numbers is not None
    assert column.numbers.mean == pytest.approx(values.mean())
    assert column.numbers.deviation == pytest.approx(values.std(ddof=1))
    assert column.numbers.quantiles == pytest.approx(
        np.quantile(values, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]), rel=1e-3
    )
    assert column.numbers.histogram is not None
    assert list(column.numbers.histogram.counts) == list(np.histogram(values, 20)[0])


def test_beyond_a_million_rows_estimates_are_near() -> None:
    values = np.random.default_rng(3).permutation(1_200_000)
    column, few = profile_of(pa.table({"x": values, "few": values % 7_000})).columns
    assert (few.distinct, few.estimated) == (7_000, False)
    assert column.estimated
    assert column.distinct == pytest.approx(1_200_000, rel=0.1)
    assert column.numbers is not None
    assert column.numbers.quantiles[3] == pytest.approx(600_000, rel=0.01)


def test_whole_numbers_have_bins_of_as_many_values_each() -> None:
    few, many = column_of(pa.array([0, 1, 1, 3])), column_of(pa.array(range(90)))
    assert few.numbers is not None
    assert few.numbers.histogram is not None
    assert few.numbers.histogram.counts == (1, 2, 0, 1)
    assert many.numbers is not None
    assert many.numbers.histogram is not None
    assert set(many.numbers.histogram.counts) == {5}


def test_infinite_values_are_counted_apart() -> None:
    column = column_of(pa.array([1.0, 2.0, float("inf"), float("-inf"), None]))
    assert (column.missing, column.infinite) == (1, 2)
    assert column.numbers is not None
    assert (column.numbers.low, column.numbers.high, column.numbers.mean) == (1, 2, 1.5)
    assert column_of(pa.array([float("inf")] * 2)).numbers is None


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pa.array([None, None], pa.string()), "empty"),
        (pa.array([7, 7, None]), "constant"),
        (pa.array(["a", "b", "c"]), "id"),
        (pa.array([0.1, 0.2, 0.3]), "number"),
        (pa.array([True, False]), "boolean"),
        (pa.array([dt.date(2026, 1, 1), dt.date(2026, 1, 2)]), "date"),
        (pa.array(["a", "b", "a"]), "category"),
        (pa.array([f"word {i}" for i in range(99)] + ["word 0"]), "text"),
    ],
)
def test_a_column_is_said_to_be_what_it_seems(values: pa.Array, kind: str) -> None:
    assert column_of(values).kind == kind


def test_what_may_be_personal_is_hinted_at_and_never_told() -> None:
    mails = [f"person{i % 3}@example.org" for i in range(90)]
    cards = [4111111111111111] * 90
    profile = profile_of(
        pa.table({"contact": mails, "paid_by": cards, "surname": ["Curie", "Noether", "Franklin"] * 30})
    )
    contact, paid_by, surname = profile.columns
    assert contact.personal is not None
    assert (contact.personal.kind, contact.personal.matched, contact.personal.sampled) == ("email", 90, 90)
    assert paid_by.personal is not None
    assert paid_by.personal.kind == "card"
    assert surname.personal is not None
    assert (surname.personal.kind, surname.personal.by_name) == ("name", True)
    said = profile.model_dump_json()
    assert not any(value in said for value in ("example.org", "4111111111111111", "4.11", "Curie"))


def test_a_profile_is_kept_once_for_one_content_and_the_table_names_it(desk: Desk) -> None:
    table = pa.table({"a": [1, 2, 3], "b": ["x", "y", None]})
    file = io.BytesIO()
    pq.write_table(table, file)
    from_csv, from_parquet = desk.take("a,b\n1,x\n2,y\n3,NA\n"), desk.take(file.getvalue(), "t.parquet")
    assert from_csv.profile is not None
    assert from_csv.profile == from_parquet.profile
    kept = Profile.model_validate_json(desk.objects.read(from_csv.profile))
    assert [(c.name, c.missing, c.distinct) for c in kept.columns] == [("a", 0, 3), ("b", 1, 2)]


def _rounded(profile: Profile) -> Any:
    """Return a profile with the sums, whose last digit depends on their order, left out."""
    without = {"mean": None, "deviation": None}
    columns = [
        c.model_copy(update={"numbers": c.numbers.model_copy(update=without) if c.numbers else None})
        for c in profile.columns
    ]
    return profile.model_copy(update={"columns": tuple(columns)})
