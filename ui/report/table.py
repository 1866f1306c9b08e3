"""A table of a report as figures read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """Columns of equal length, as the object store has them; a value that is missing is None."""

    name: str
    columns: Mapping[str, Sequence[Any]]
    about: Mapping[str, Any] = field(default_factory=dict)
    """What the table says of itself, such as ``rows_used`` of ``rows``."""

    @classmethod
    def of(cls, name: str, stored: Any) -> Self:
        """Return a table of PyArrow, to the last digit; moments finer than a microsecond are cut to it."""
        about = stored.schema.pandas_metadata or {}
        return cls(name, _fine(stored).to_pydict(), about.get("attributes", {}))

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, column: str) -> Sequence[Any]:
        return self.columns[column]

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def lines(self) -> Iterator[Line]:
        """Yield the rows, each by column."""
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(self.columns, values, strict=True))

    def by(self, column: str) -> dict[Any, Self]:
        """Return the parts of the table that have the same value in ``column``, in the order of their first rows.

        >>> parts = Table("roc", {"class": ["a", "b", "a"], "height": [1, 2, 3]}).by("class")
        >>> {name: part["height"] for name, part in parts.items()}
        {'a': [1, 3], 'b': [2]}
        """
        places: dict[Any, list[int]] = {}
        for place, value in enumerate(self.columns[column]):
            places.setdefault(value, []).append(place)
        return {value: self._at(chosen) for value, chosen in places.items()}

    def first(self, rows: int) -> Self:
        """Return the first rows only."""
        return self._at(range(min(rows, len(self))))

    def where(self, column: str, value: Any) -> Self:
        """Return the rows that have ``value`` in ``column``."""
        return self._at([place for place, found in enumerate(self.columns[column]) if found == value])

    def _at(self, places: Sequence[int]) -> Self:
        columns = {name: [values[place] for place in places] for name, values in self.columns.items()}
        return type(self)(self.name, columns, self.about)


def _fine(stored: Any) -> Any:
    """Return the table with moments that Python can hold: of nanoseconds it would ask for pandas."""
    import pyarrow as pa  # noqa: PLC0415 - it costs a tenth of a second, which `--help` need not pay

    for place, column in enumerate(stored.schema):
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            moments = stored.column(place).cast(pa.timestamp("us", column.type.tz), safe=False)
            stored = stored.set_column(place, column.name, moments)
    return stored
