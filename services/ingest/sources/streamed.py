"""The batches of an Arrow reader, whose driver's faults are said in words."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pyarrow as pa


def streamed(
    reader: pa.RecordBatchReader, failing: Callable[[], AbstractContextManager[None]]
) -> Iterator[pa.RecordBatch]:
    """Yield the batches of ``reader``, each asked for within what ``failing`` returns; the reader is not closed."""
    while True:
        with failing():
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
        yield batch
