"""The part of a script that reads the rows, as ``services.training.worker.rows`` and ``ml.engines.intake`` do."""

from collections.abc import Iterable

from contracts.ingest import LogicalType

_ROWS = '''
def rows_of_the_race():
    """Return the features, as numbers and strings, and the target of the rows whose target is known."""
    table = pq.read_table(HERE / "data.parquet", columns=[*FEATURES, TARGET])
    table = table.filter(pc.invert(pc.is_null(table[TARGET], nan_is_null=True)))
    frame = table.select(list(FEATURES)).to_pandas()
    columns = {}
    for feature, (name, kind) in FEATURES.items():
        columns |= READ[kind](frame[feature], name)
    return pd.DataFrame(columns, index=frame.index), table[TARGET].to_pandas().to_numpy(copy=True)
'''

_STRINGS = '''
def strings(values, name):
    """Return a column of strings, or of nothing where there is none."""
    return {name: values.astype(str).astype(object).where(values.notna(), np.nan)}
'''

_NUMBERS = '''
def numbers(values, name):
    """Return a column of numbers; infinities count as missing."""
    if pd.api.types.is_integer_dtype(values.dtype) and not values.hasnans:
        return {name: values.astype(np.int64)}
    found = pd.to_numeric(values).astype(float)
    return {name: found.where(np.isfinite(found), np.nan)}
'''

_MOMENTS = '''
def moments(values, name, with_hours):
    """Return the parts of dates or moments, each a column of numbers."""
    known = values.where(values.notna(), None)
    found = pd.to_datetime(known, utc=True, format="ISO8601" if values.dtype == object else None)
    parts = {"year": found.dt.year, "month": found.dt.month, "day": found.dt.day, "weekday": found.dt.weekday}
    if with_hours:
        parts["hour"] = found.dt.hour
    parts["days"] = (found - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
    return {f"{name}__{part}": column.astype(float) for part, column in parts.items()}
'''

_READERS: dict[LogicalType, tuple[str, str]] = {
    "string": ("strings", _STRINGS),
    "integer": ("numbers", _NUMBERS),
    "float": ("numbers", _NUMBERS),
    "boolean": ("numbers", _NUMBERS),
    "date": ("lambda values, name: moments(values, name, with_hours=False)", _MOMENTS),
    "timestamp": ("lambda values, name: moments(values, name, with_hours=True)", _MOMENTS),
}


def reading(types: Iterable[LogicalType]) -> str:
    """Return the functions that read rows whose columns have these types."""
    used = dict.fromkeys(types)
    functions = dict.fromkeys(_READERS[type_][1] for type_ in used)
    readers = "".join(f'    "{type_}": {_READERS[type_][0]},\n' for type_ in used)
    return "\n".join([_ROWS, *functions, f"\nREAD = {{\n{readers}}}\n"])
