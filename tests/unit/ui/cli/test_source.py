import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from ui.cli.exits import WrongUsage
from ui.cli.source import STDIN, at_hand, opened, title


@contextmanager
def piped(folder: Path, content: bytes, name: str = "rows") -> Iterator[Path]:
    """Yield a named pipe that somebody writes ``content`` into."""
    pipe = folder / name
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=[content])
    writer.start()
    yield pipe
    writer.join()


def test_a_regular_file_is_read_where_it_lies(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(b"a\n1\n")
    with opened(file, "a CSV file") as content, at_hand(file, content, tmp_path) as found:
        assert found == file


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"a\n1\n", "rows.csv"),
        (b"PAR1...", "rows.parquet"),
        (b"ARROW1..", "rows.arrow"),
        (b"PK\x03\x04", "rows.xlsx"),
        (b"\x1f\x8b\x08", "rows.csv.gz"),
        (b'{"a": 1}\n', "rows.jsonl"),
    ],
)
def test_what_comes_through_a_pipe_is_written_down_and_named_by_its_beginning(
    content: bytes, name: str, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with piped(tmp_path, content) as pipe, opened(pipe, "a file") as read, at_hand(pipe, read, scratch) as found:
        assert found.name == name
        assert found.read_bytes() == content
    assert list(scratch.iterdir()) == []


def test_the_ending_of_a_pipes_own_name_is_kept(tmp_path: Path) -> None:
    with piped(tmp_path, b"a\tb\n", "rows.tsv") as pipe, opened(pipe, "a file") as read:  # noqa: SIM117
        with at_hand(pipe, read, tmp_path) as found:
            assert found.name == "rows.tsv"


def test_stdin_has_a_name_for_people_and_a_file(tmp_path: Path) -> None:
    assert title(STDIN) == "stdin"
    with at_hand(STDIN, io.BytesIO(b"a\n1\n"), tmp_path) as found:
        assert found.name == "stdin.csv"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".", "is a folder. Give a CSV file in it."),
        ("none.csv", "none.csv cannot be read: No such file or directory. Give the path of a CSV file."),
        ("/dev/null", "/dev/null is a device. Give a CSV file, or - for what is piped in."),
    ],
)
def test_what_cannot_be_read_is_wrong_usage_with_a_cure(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=said), opened(tmp_path / name, "a CSV file"):
        pass
