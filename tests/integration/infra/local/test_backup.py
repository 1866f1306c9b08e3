import io
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.local.backup import NotBackedUp, NotRestored, back_up, restore
from infra.local.layout import Home
from infra.local.lock import AlreadyRunning, locked

ARCHIVED = Path("history") / "index" / "1.json"


def now() -> datetime:
    return datetime(2026, 11, 25, tzinfo=UTC)


def quiet(_files: int, _bytes: int) -> None:
    return


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.create()
    home.seed("ingest").write_text("a secret")
    (home.objects / "models").mkdir()
    (home.objects / "models" / "one.zip").write_bytes(bytes(range(256)) * 5000)
    (home.objects / "history" / "index").mkdir(parents=True)
    (home.objects / ARCHIVED).write_text("what left the stream")
    home.log("ingest").write_text("not kept")
    return home


@pytest.fixture
def file(home: Home, tmp_path: Path) -> Path:
    back_up(home, tmp_path / "backup.tar.gz", now, quiet)
    return tmp_path / "backup.tar.gz"


def test_what_was_kept_is_there_again_and_closed_to_others(home: Home, file: Path, tmp_path: Path) -> None:
    again = Home(tmp_path / "again")
    assert restore(file, again, quiet).files == 3
    assert (again.objects / ARCHIVED).read_text() == "what left the stream"
    assert again.seed("ingest").read_text() == "a secret"
    model = Path("models") / "one.zip"
    assert (again.objects / model).read_bytes() == (home.objects / model).read_bytes()
    assert not again.log("ingest").exists()
    assert [path for path in (file, again.seed("ingest")) if path.stat().st_mode & 0o077] == []


def test_a_platform_that_runs_is_not_backed_up(home: Home, tmp_path: Path) -> None:
    with locked(home), pytest.raises(AlreadyRunning):
        back_up(home, tmp_path / "backup.tar.gz", now, quiet)
    assert list(tmp_path.glob("backup*")) == []


def test_no_file_is_written_over(home: Home, file: Path) -> None:
    with pytest.raises(NotBackedUp, match="is there already"):
        back_up(home, file, now, quiet)


def test_a_folder_with_something_in_it_is_left_alone(home: Home, file: Path) -> None:
    with pytest.raises(NotRestored, match="is not empty"):
        restore(file, home, quiet)


def changed(file: Path, change: Callable[[tarfile.TarInfo, bytes], bytes]) -> None:
    """Write a backup anew, with members that ``change`` alters."""
    with tarfile.open(file) as archive:
        members = [(member, archive.extractfile(member)) for member in archive]
        read = [(member, content.read()) for member, content in members if content]
    with tarfile.open(file, "w:gz") as archive:
        for member, content in read:
            altered = change(member, content)
            member.size = len(altered)
            archive.addfile(member, io.BytesIO(altered))


def test_a_file_that_is_not_what_its_digest_says_is_not_restored(file: Path, tmp_path: Path) -> None:
    changed(file, lambda member, content: content[:-1] + b"?" if member.name.endswith(".zip") else content)
    with pytest.raises(NotRestored, match=r"missing or damaged, such as objects/models/one\.zip"):
        restore(file, Home(tmp_path / "again"), quiet)
    assert list(tmp_path.glob("again*")) == []


@pytest.mark.parametrize("name", ["objects/../../outside", "/etc/outside", "run/lock"])
def test_no_file_is_written_elsewhere_than_where_backups_have_files(file: Path, tmp_path: Path, name: str) -> None:
    def moved(member: tarfile.TarInfo, content: bytes) -> bytes:
        if member.name.endswith(".zip"):
            member.name = name
        return content

    changed(file, moved)
    with pytest.raises(NotRestored, match="which no backup has"):
        restore(file, Home(tmp_path / "again"), quiet)
    assert list(tmp_path.glob("*outside")) == []


def test_a_file_of_another_kind_is_no_backup(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz"):
        pass
    with pytest.raises(NotRestored, match="no backup of Trackside"):
        restore(tmp_path / "other.tar.gz", Home(tmp_path / "again"), quiet)


@pytest.mark.parametrize("end", [0.3, 0.99])
def test_a_backup_that_is_cut_off_leaves_nothing_behind(file: Path, tmp_path: Path, end: float) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * end)])
    with pytest.raises(NotRestored, match="cannot be restored"):
        restore(file, Home(tmp_path / "again"), quiet)
    assert list(tmp_path.glob("again*")) == []
