"""What a fit may take is kept in a process of its own, which may die of it."""

import signal
import subprocess
import sys

_LIMITED = "from services.training.worker.limits import limited\n"


def run(program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _LIMITED + program]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_a_process_whose_time_is_over_is_ended_in_the_middle_of_what_it_does() -> None:
    ended = run("with limited(0.1, None):\n    sum(range(10**12))")
    assert ended.returncode == -signal.SIGALRM


def test_whoever_is_done_in_time_lives_on() -> None:
    program = "import signal\nwith limited(60, None):\n    pass\nprint(signal.getitimer(signal.ITIMER_REAL))"
    assert run(program).stdout == "(0.0, 0.0)\n"


def test_memory_beyond_the_limit_is_an_error_and_may_be_had_afterwards() -> None:
    program = (
        "def take(megabytes):\n"
        "    try:\n"
        "        return len(bytes(megabytes * 10**6)) // 10**6\n"
        "    except MemoryError:\n"
        "        return 'none'\n"
        "with limited(None, 100):\n"
        "    print(take(50), take(200))\n"
        "print(take(200))"
    )
    assert run(program).stdout == "50 none\n200\n"
