from collections.abc import Iterator

import pyarrow as pa
import pytest

from services.ingest.domain.cancel_errors import Cancelled
from services.ingest.sources import File, Files, Rows
from services.ingest.watch import Watch


def a_file(name: str, *pieces: bytes, size: int | None = None) -> File:
    return File(name, size, None, lambda: iter(pieces))


def files(watch: Watch, *found: File) -> list[File]:
    over = watch.over(Files(found))
    assert isinstance(over, Files)
    return list(over.files)


def counted(watch: Watch) -> tuple[str, int, int | None, int | None]:
    sign = watch.sign("1", "penguins")
    return sign.phase, sign.bytes, sign.total_bytes, sign.rows


def test_bytes_of_all_files_are_counted_and_the_head_of_one_only_once() -> None:
    watch = Watch()
    one, two = files(watch, a_file("a", b"xx", b"yy", size=4), a_file("b", b"z", size=1))
    assert next(one.open()) == b"xx"
    assert counted(watch) == ("reading", 2, 5, None)
    assert b"".join(one.open()) == b"xxyy"
    assert counted(watch) == ("typing", 4, 5, None)
    assert b"".join(two.open()) == b"z"
    assert counted(watch) == ("typing", 5, 5, None)


def test_the_total_is_unknown_if_one_file_does_not_know_its_size() -> None:
    watch = Watch()
    files(watch, a_file("a", b"x", size=1), a_file("b", b"y"))
    assert counted(watch) == ("reading", 0, None, None)


def test_rows_are_counted_batch_by_batch() -> None:
    batch = pa.record_batch({"n": pa.array([1, 2, 3], pa.int64())})
    watch = Watch()
    rows = watch.over(Rows(batch.schema, iter([batch, batch]), lambda: None))
    assert isinstance(rows, Rows)
    next(rows.batches)
    assert counted(watch) == ("reading", batch.nbytes, None, 3)


def test_a_cancelled_one_stops_at_the_next_piece() -> None:
    watch, given = Watch(), list[bytes]()

    def pieces() -> Iterator[bytes]:
        for piece in (b"a", b"b", b"c"):
            given.append(piece)
            yield piece

    (file,) = files(watch, File("a", None, None, pieces))
    reading = file.open()
    next(reading)
    watch.cancel()
    with pytest.raises(Cancelled):
        next(reading)
    assert given == [b"a"]
    with pytest.raises(Cancelled):
        watch.enter("storing")
