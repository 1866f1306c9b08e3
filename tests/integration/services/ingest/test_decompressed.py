"""What is compressed is read as a stream, and the errors of its source stay their own."""

import gzip
from collections.abc import Iterator

import pyarrow as pa
import pytest

from infra.objects import ObjectsUnavailable
from services.ingest.domain.file_errors import DamagedCompression
from services.ingest.reading.decompressed import decompressed
from services.ingest.sources import File

DATA = b"".join(b"%d,%d\n" % (n, n * n) for n in range(100_000))


def file_of(data: bytes, name: str, piece: int = 1_000) -> File:
    return File(name, len(data), None, lambda: (data[i : i + piece] for i in range(0, len(data), piece)))


@pytest.mark.parametrize("piece", [1, 7, 1_000, 10_000_000])
def test_what_comes_out_does_not_depend_on_how_the_bytes_come_in(piece: int) -> None:
    short = DATA[:20_000]
    packed = gzip.compress(short[:9]) + gzip.compress(b"") + gzip.compress(short[9:])
    assert b"".join(decompressed(file_of(packed, "t.csv.gz", piece)).open()) == short
    packed = pa.compress(short, "zstd", asbytes=True) * 2
    assert b"".join(decompressed(file_of(packed, "t.csv.zst", piece)).open()) == short * 2


def test_it_can_be_opened_more_than_once_and_comes_in_blocks() -> None:
    file = decompressed(file_of(gzip.compress(DATA * 5), "t.csv.gz"))
    assert next(file.open())[:4] == b"0,0\n"
    blocks = list(file.open())
    assert b"".join(blocks) == DATA * 5
    assert max(map(len, blocks)) <= 1024 * 1024


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_no_end_is_missed(cut: int) -> None:
    for name, packed in (("t.csv.gz", gzip.compress(DATA)), ("t.csv.zst", pa.compress(DATA, "zstd", asbytes=True))):
        with pytest.raises(DamagedCompression, match="cut short"):
            list(decompressed(file_of(packed[:-cut], name)).open())


@pytest.mark.parametrize("error", [ObjectsUnavailable("away"), ConnectionResetError("away")])
def test_an_error_of_the_source_is_not_taken_for_a_damaged_file(error: Exception) -> None:
    packed = gzip.compress(DATA)

    def breaks() -> Iterator[bytes]:
        yield packed[:50_000]
        raise error

    with pytest.raises(type(error), match="away"):
        list(decompressed(File("t.csv.gz", None, None, breaks)).open())
