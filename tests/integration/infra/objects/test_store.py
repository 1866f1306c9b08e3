"""One contract, three stores."""

import hashlib
import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.clock import utc_now
from infra.objects import ObjectDamaged, ObjectMissing, Objects
from infra.objects.buckets import prove_create_once
from infra.objects.reading import ObjectFile

BIG = [bytes([n]) * 1_000_000 for n in range(40)]


def test_bytes_come_back_under_their_digest(objects: Objects) -> None:
    stored = objects.put("datasets", [b"ab", b"", b"c"], suffix=".parquet")
    digest = hashlib.sha256(b"abc").hexdigest()
    assert (stored.key, stored.digest, stored.size) == (f"datasets/{digest}.parquet", digest, 3)
    assert objects.read(stored.key) == b"abc"


def test_the_same_bytes_are_stored_once(objects: Objects, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"abc")
    assert objects.put("datasets", [b"abc"]) == objects.put_file("datasets", file)
    assert len(objects.keys("datasets")) == 1


def test_an_object_may_be_empty(objects: Objects) -> None:
    stored = objects.put("datasets", [])
    assert objects.read(stored.key) == b""
    assert list(objects.stream(stored.key)) == []


def test_an_object_larger_than_a_part_is_streamed_whole(objects: Objects) -> None:
    stored = objects.put("datasets", iter(BIG))
    found = hashlib.sha256()
    for piece in objects.stream(stored.key):
        found.update(piece)
    assert found.hexdigest() == stored.digest
    assert stored.size == 40_000_000


def test_a_writer_that_fails_leaves_nothing(objects: Objects) -> None:
    def torn() -> Iterator[bytes]:
        yield from BIG
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        objects.put("datasets", torn())
    with pytest.raises(ConnectionResetError):
        objects.create("uploads/torn", torn())
    assert objects.keys("datasets") == objects.keys("uploads") == []


def test_every_object_is_listed_with_its_size_and_when_it_was_written(objects: Objects) -> None:
    stored = [objects.put("datasets", [b"abc"]), objects.put("datasets", [b"defg"])]
    objects.put("models", [b"other"])
    listed = {found.key: found for found in objects.listing("datasets")}
    assert {key: found.size for key, found in listed.items()} == {each.key: each.size for each in stored}
    assert all(abs(utc_now() - found.written_at) < timedelta(minutes=1) for found in listed.values())
    assert list(objects.listing("nothing")) == []


def test_a_key_is_created_once(objects: Objects) -> None:
    assert objects.create("uploads/1/file.csv", [b"first"])
    assert not objects.create("uploads/1/file.csv", [b"second"])
    assert objects.read("uploads/1/file.csv") == b"first"


def test_of_racing_writers_one_wins(objects: Objects) -> None:
    won: list[int] = []
    start = threading.Barrier(4)

    def write(writer: int) -> None:
        start.wait()
        if objects.create("uploads/raced", [str(writer).encode()]):
            won.append(writer)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    assert len(won) == 1
    assert objects.read("uploads/raced") == str(won[0]).encode()


@pytest.mark.parametrize("key", ["nobody", "no/body", "../outside", "a//b"])
def test_a_missing_object_is_said_to_be_missing(objects: Objects, tmp_path: Path, key: str) -> None:
    for ask in (objects.read, lambda k: list(objects.stream(k)), lambda k: objects.fetch(k, "0" * 64, tmp_path / "f")):
        with pytest.raises(ObjectMissing, match="no object"):
            ask(key)
    objects.delete(key)


def test_a_deleted_object_is_gone(objects: Objects) -> None:
    objects.create("uploads/1", [b"x"])
    objects.delete("uploads/1")
    objects.delete("uploads/1")
    assert objects.keys("uploads") == []


def test_a_fetched_object_is_proven(objects: Objects, tmp_path: Path) -> None:
    stored = objects.put("datasets", [b"abc"])
    objects.fetch(stored.key, stored.digest, tmp_path / "abc")
    assert (tmp_path / "abc").read_bytes() == b"abc"


def test_a_damaged_object_never_reaches_its_file(objects: Objects, tmp_path: Path) -> None:
    objects.create("datasets/wrong", [b"not what was promised"])
    with pytest.raises(ObjectDamaged):
        objects.fetch("datasets/wrong", "0" * 64, tmp_path / "wrong")
    assert list(tmp_path.glob("*wrong*")) == list(tmp_path.glob(".spool*")) == []


def test_keys_are_sorted_and_stay_below_their_prefix(objects: Objects) -> None:
    for key in ("uploads/b", "uploads/a/z", "uploads/a/c", "uploads2/x", "other"):
        objects.create(key, [b"."])
    assert objects.keys("uploads") == ["uploads/a/c", "uploads/a/z", "uploads/b"]


def test_a_name_may_hold_what_people_write(objects: Objects) -> None:
    for name in ("übung (1) & 2+3.csv", "100% sure.csv"):
        assert objects.create(f"uploads/1/{name}", [b"x"])
        assert objects.read(f"uploads/1/{name}") == b"x"


def test_a_store_that_keeps_its_word_passes_the_probe(objects: Objects) -> None:
    prove_create_once(objects)
    assert objects.keys("probes") == []


def test_an_object_is_read_in_parts_from_anywhere(objects: Objects) -> None:
    objects.create("datasets/1", [b"0123456789"])
    assert objects.size("datasets/1") == 10
    file = ObjectFile(objects, "datasets/1")
    assert (file.read(3), file.read(2), file.tell()) == (b"012", b"34", 5)
    assert (file.seek(-3, io.SEEK_END), file.read()) == (7, b"789")
    assert (file.seek(-6, io.SEEK_CUR), file.read(1)) == (4, b"4")
    assert (file.seek(20), file.read(1), file.seek(0), file.read(0)) == (20, b"", 0, b"")


def test_a_part_of_a_missing_object_is_missing(objects: Objects) -> None:
    with pytest.raises(ObjectMissing):
        ObjectFile(objects, "datasets/1")
    with pytest.raises(ObjectMissing):
        objects.part("datasets/1", 0, 1)
