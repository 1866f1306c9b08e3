import os
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.errors import Misconfigured
from infra.clock import utc_now
from infra.objects import ObjectsUnavailable
from infra.objects.folder import sweep
from infra.objects.store import open_objects


def test_a_short_file_under_the_right_name_is_healed(tmp_path: Path) -> None:
    objects = open_objects(f"file://{tmp_path}")
    stored = objects.put("datasets", [b"whole"])
    (tmp_path / stored.key).write_bytes(b"wh")
    objects.put("datasets", [b"whole"])
    assert objects.read(stored.key) == b"whole"


def test_what_a_killed_writer_left_is_swept_when_it_is_old(tmp_path: Path) -> None:
    objects = open_objects(f"file://{tmp_path}")
    objects.create("uploads/1/kept", [b"x"])
    for name, age in (("old#1", 0), ("young#1", None), ("issue #1.csv", 0)):
        (tmp_path / "uploads" / name).write_bytes(b"half")
        if age is not None:
            os.utime(tmp_path / "uploads" / name, (age, age))
    assert sweep(tmp_path) == 1
    assert {p.name for p in (tmp_path / "uploads").iterdir()} == {"1", "young#1", "issue #1.csv"}


def test_a_folder_that_cannot_be_made_is_told_at_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match="cannot use the folder"):
        open_objects(f"file://{tmp_path}/file/objects")


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    objects = open_objects(f"file://{tmp_path}")
    (tmp_path / "uploads").write_text("in the way")
    with pytest.raises(ObjectsUnavailable, match="uploads/1"):
        objects.create("uploads/1", [b"x"])


def test_bytes_and_names_reach_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def counted(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", counted)
    stored = open_objects(f"file://{tmp_path}").put("datasets", [b"x"])
    assert synced == [str(tmp_path / stored.key), str(tmp_path / "datasets"), str(tmp_path)]


def test_bytes_that_are_stored_again_are_new_again(tmp_path: Path) -> None:
    objects = open_objects(f"file://{tmp_path}")
    key = objects.put("datasets", [b"abc"]).key
    for hours, renewed in ((11, False), (13, True)):
        at = (utc_now() - timedelta(hours=hours)).timestamp()
        os.utime(tmp_path / key, (at, at))
        objects.put("datasets", [b"abc"])
        [listed] = objects.listing("datasets")
        assert (utc_now() - listed.written_at < timedelta(hours=1)) == renewed
