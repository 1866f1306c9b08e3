import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.workers import CallFailed, WarmChild, WorkerDied, WorkerLost, WorkersUnavailable
from tests.builders.asking import until

ERRANDS = "tests.integration.infra.workers.errands"


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("w")


@contextmanager
def serving(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "infra.workers", "--socket", str(folder / "s"), "--preload", ERRANDS]
    with subprocess.Popen([*command, "--log", str(folder / "log"), "--nice", "3"]) as process:
        yield process
        process.kill()


@pytest.fixture
def server(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with serving(folder) as process:
        yield process


@pytest.fixture
def child(folder: Path, server: subprocess.Popen[bytes]) -> Iterator[WarmChild]:
    child = WarmChild(folder / "s", patience=20)
    yield child
    child.kill()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def hang(child: WarmChild, note: Path) -> tuple[int, threading.Thread, list[WorkerDied]]:
    """Send the child on an errand without end; return its pid, who waits for it, and what will be said of its end."""
    ends: list[WorkerDied] = []

    def wait() -> None:
        with pytest.raises(WorkerDied) as died:
            child.call(f"{ERRANDS}.note_and_hang", str(note))
        ends.append(died.value)

    thread = threading.Thread(target=wait)
    thread.start()
    until(note.exists)
    return int(note.read_text()), thread, ends


def test_a_child_remembers_between_calls(child: WarmChild) -> None:
    assert child.call(f"{ERRANDS}.keep", 1) == [1]
    assert child.call(f"{ERRANDS}.keep", 2) == [1, 2]


def test_each_client_has_a_child_of_its_own(child: WarmChild, folder: Path) -> None:
    other = WarmChild(folder / "s")
    assert child.call(f"{ERRANDS}.keep", 1) == [1]
    assert other.call(f"{ERRANDS}.keep", 2) == [2]
    assert child.call(f"{ERRANDS}.pid") != other.call(f"{ERRANDS}.pid")
    other.kill()


def test_an_error_keeps_its_name_and_words_and_the_child_lives_on(child: WarmChild) -> None:
    child.call(f"{ERRANDS}.keep", 1)
    with pytest.raises(CallFailed, match="no such row") as failed:
        child.call(f"{ERRANDS}.fail", "no such row")
    assert failed.value.error == "LookupError"
    assert "errands.py" in failed.value.trace
    assert child.call(f"{ERRANDS}.keep", 2) == [1, 2]


def test_a_killed_child_is_reported_by_its_signal_and_the_next_call_has_a_new_one(child: WarmChild) -> None:
    child.call(f"{ERRANDS}.keep", 1)
    with pytest.raises(WorkerDied) as died:
        child.call(f"{ERRANDS}.end_by", int(signal.SIGKILL))
    assert died.type is WorkerDied
    assert died.value.signal == signal.SIGKILL
    assert not died.value.out_of_memory
    assert child.call(f"{ERRANDS}.keep", 2) == [2]


def test_letting_go_of_a_child_ends_it_in_the_middle_of_its_work(child: WarmChild, folder: Path) -> None:
    pid, thread, ends = hang(child, folder / "note")
    child.kill()
    thread.join(10)
    assert len(ends) == 1
    until(lambda: not is_alive(pid))


def test_a_child_dies_with_its_client(folder: Path, server: subprocess.Popen[bytes]) -> None:
    note = folder / "note"
    script = (
        "import sys; from pathlib import Path; from infra.workers import WarmChild\n"
        f"WarmChild(Path(sys.argv[1])).call('{ERRANDS}.note_and_hang', sys.argv[2])"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(folder / "s"), str(note)]) as client:
        until(note.exists)
        client.kill()
    until(lambda: not is_alive(int(note.read_text())))


def test_children_die_with_the_server(child: WarmChild, folder: Path, server: subprocess.Popen[bytes]) -> None:
    pid, thread, ends = hang(child, folder / "note")
    server.kill()
    thread.join(10)
    assert [type(end) for end in ends] == [WorkerLost]
    until(lambda: not is_alive(pid))


def test_a_client_waits_until_a_new_server_listens(
    child: WarmChild, folder: Path, server: subprocess.Popen[bytes]
) -> None:
    child.call(f"{ERRANDS}.keep", 1)
    server.kill()
    server.wait()
    with pytest.raises(WorkerLost):
        child.call(f"{ERRANDS}.keep", 2)
    with serving(folder):
        assert child.call(f"{ERRANDS}.keep", 3) == [3]


def test_without_a_server_the_call_says_so(folder: Path) -> None:
    with pytest.raises(WorkersUnavailable, match="no fork server listens"):
        WarmChild(folder / "none", patience=0).call(f"{ERRANDS}.pid")


def test_the_socket_is_closed_to_other_users(child: WarmChild, folder: Path) -> None:
    child.call(f"{ERRANDS}.pid")
    assert stat.S_IMODE((folder / "s").stat().st_mode) == 0o600


def test_libraries_get_one_thread_each_and_yield_to_others(child: WarmChild) -> None:
    allowed = child.call(f"{ERRANDS}.threads_allowed")
    assert {allowed[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")} == {"1"}
    assert os.getpriority(os.PRIO_PROCESS, child.call(f"{ERRANDS}.pid")) >= 3


def test_what_children_print_goes_to_the_log(child: WarmChild, folder: Path) -> None:
    child.call(f"{ERRANDS}.say", "a library's chatter")
    assert "a library's chatter" in (folder / "log").read_text()


def test_no_ended_child_is_left_as_a_zombie(child: WarmChild, server: subprocess.Popen[bytes]) -> None:
    pid = child.call(f"{ERRANDS}.pid")
    child.kill()
    until(lambda: not is_alive(pid))
