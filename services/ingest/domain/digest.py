"""The canonical content digest ``ts1``: the same rows give the same name, whatever file they came in.

The root is BLAKE3 over the header (names and types as JSON), the number of rows, and the hash of each chunk of exactly
65,536 rows. A chunk is hashed column by column: which values are missing, then the values, little-endian, zero where
missing. So it depends on the rows, their order and their types, and on nothing that a writer may choose.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from blake3 import blake3

CHUNK = 65_536
"""Rows that are hashed at a time."""

_INT32 = np.dtype("<i4")
_INT64 = np.dtype("<i8")
_TYPES = {
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.bool_(): "bool",
    pa.string(): "utf8",
    pa.date32(): "date32",
    pa.timestamp("us"): "timestamp(us)",
    pa.timestamp("us", "UTC"): "timestamp(us,UTC)",
}
"""What the header calls the types; the names are part of the digest."""


def digest_of(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> str:
    """Return the digest of a table with the canonical types, in hexadecimal.

    Raises:
        TypeError: if a column is none of int64, double, bool, string, date32, timestamp[us] (plain or UTC).
    """
    header = json.dumps([[f.name, _type(f.type)] for f in schema], ensure_ascii=False, separators=(",", ":"))
    rows = 0
    chunks = b""
    for table in rechunked(schema, batches):
        rows += table.num_rows
        chunks += _chunk(table)
    root = blake3(b"ts1\x00")
    root.update(header.encode() + b"\x00")
    root.update(rows.to_bytes(8, "little"))
    root.update(chunks)
    return root.hexdigest()


def rechunked(schema: pa.Schema, batches: Iterable[pa.RecordBatch], size: int = CHUNK) -> Iterator[pa.Table]:
    """Cut a stream of rows anew into tables of exactly ``size`` rows; only the last may be shorter."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        while count >= size:
            table = pa.Table.from_batches(held, schema)
            yield table.slice(0, size)
            rest = table.slice(size)
            held, count = rest.to_batches(), rest.num_rows
    if count:
        yield pa.Table.from_batches(held, schema)


def _chunk(table: pa.Table) -> bytes:
    state = blake3()
    for column in table.columns:
        values = column.combine_chunks()
        if values.null_count:
            state.update(b"\x01" + _bits(pc.is_valid(values)))
        else:
            state.update(b"\x00")
        for part in _values(values):
            state.update(part)
    return bytes(state.digest())


def _type(kind: pa.DataType) -> str:
    try:
        return _TYPES[kind]
    except KeyError:
        raise TypeError(f"ts1 has no form for {kind}") from None


def _values(values: pa.Array) -> Iterator[bytes | memoryview]:
    match _TYPES[values.type]:
        case "utf8":
            yield from _strings(pc.fill_null(values, ""))
        case "bool":
            yield _bits(values.fill_null(fill_value=False))
        case "float64":
            yield _floats(pc.fill_null(values, 0.0))
        case "date32":
            yield _plain(values.view(pa.int32()), _INT32)
        case _:
            yield _plain(values.view(pa.int64()), _INT64)


def _plain(values: pa.Array, dtype: np.dtype[Any]) -> bytes:
    return bytes(pc.fill_null(values, 0).to_numpy().astype(dtype, copy=False).tobytes())


def _floats(values: pa.Array) -> bytes:
    numbers = values.to_numpy() + 0.0  # -0.0 becomes 0.0
    numbers[np.isnan(numbers)] = np.nan  # NaN has many patterns of bits; one is enough
    return bytes(numbers.astype("<f8", copy=False).tobytes())


def _bits(values: pa.Array) -> bytes:
    return np.packbits(values.to_numpy(zero_copy_only=False), bitorder="little").tobytes()


def _strings(values: pa.Array) -> Iterator[bytes | memoryview]:
    yield pc.binary_length(values).to_numpy().astype(_INT64).tobytes()
    # A fresh copy starts at offset zero and holds no bytes under removed values.
    compact = pa.concat_arrays([values])
    _, offsets, data = compact.buffers()
    if data is not None:
        ends = np.frombuffer(offsets, dtype=_INT32)[compact.offset : compact.offset + len(compact) + 1]
        yield memoryview(data)[ends[0] : ends[-1]]
