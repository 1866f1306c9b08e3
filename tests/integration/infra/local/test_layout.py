"""The folder that holds everything: who may look into it, and what a killed process leaves there."""

from pathlib import Path

import pytest

from contracts.errors import Misconfigured
from infra.local.layout import Home


def test_a_new_home_is_closed_to_other_users(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    assert home.root.stat().st_mode & 0o777 == 0o700
    assert home.keys.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Home(tmp_path).create()
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_temporary_files_of_killed_processes_are_removed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    (home.scratch / "left").mkdir()
    (home.scratch / "left" / "spool").write_bytes(b"1")
    home.empty_scratch()
    assert list(home.scratch.iterdir()) == []


def test_a_folder_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="name a shorter folder"):
        Home(tmp_path / ("x" * 120)).create()


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured, match="name a folder that you may write to"):
        Home(tmp_path / "file").create()
