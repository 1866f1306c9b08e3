"""The real platform, run by the real command, in a folder of its own."""

import json
import os
import signal
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from infra.local.layout import Home
from infra.local.platform import Platform, PlatformNotRunning
from tests.builders.asking import until

_CHECKOUT = Path(__file__).parents[2]
TRACKSIDE = str(Path(sysconfig.get_path("scripts")) / "trackside")


@dataclass
class RunningPlatform:
    """`trackside up` in ``home``."""

    home: Home
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, folder: Path, *arguments: str) -> "RunningPlatform":
        """Start it; ``ready`` waits."""
        process = subprocess.Popen(
            [TRACKSIDE, "up", *arguments],
            env=environment(folder), text=True, stdout=(folder.parent / "up.out").open("w"), stderr=subprocess.STDOUT,
            preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - it only resets a signal
        )  # fmt: skip
        return cls(Home(folder), process)

    def ready(self, *names: str, seconds: float = 90.0) -> Platform:
        """Wait until the supervisor has found every process ready, or those of ``names``."""

        def all_ready() -> bool:
            assert self.process.poll() is None, self.output()
            platform = self.platform()
            if platform is None or "training-recorder" not in platform.processes:
                return False
            return all(process.ready for name, process in platform.processes.items() if not names or name in names)

        try:
            until(all_ready, seconds)
        except AssertionError:
            self.end()  # whoever waits for it does not stop it, for it never began
            raise
        platform = self.platform()
        assert platform is not None
        return platform

    def platform(self) -> Platform | None:
        """Return what is written about it, or None as long as there is nothing."""
        try:
            return Platform.find(self.home)
        except PlatformNotRunning:
            return None

    def family(self) -> list[psutil.Process]:
        """Return every process that it runs."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send one of its processes a signal, once it runs."""
        until(lambda: self._pid(name) is not None)
        pid = self._pid(name)
        assert pid is not None
        os.kill(pid, number)

    def restarts(self, name: str) -> int:
        """Return how often its supervisor has started a process again."""
        platform = self.platform()
        assert platform is not None
        return platform.processes[name].restarts

    def end(self) -> None:
        """Kill its supervisor, and with it everything, if it runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def output(self) -> str:
        """Return what it printed."""
        return (self.home.root.parent / "up.out").read_text()

    def run(self, *arguments: str, seconds: float = 60.0) -> subprocess.CompletedProcess[str]:
        """Run a verb of the command against it."""
        return trackside(self.home.root, *arguments, seconds=seconds)

    def json(self, *arguments: str, seconds: float = 60.0) -> Any:
        """Return what a verb answers with --json."""
        done = self.run(*arguments, "--json", seconds=seconds)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def stop(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def _pid(self, name: str) -> int | None:
        platform = self.platform()
        known = platform.processes.get(name) if platform else None
        return known.pid if known else None


def trackside(
    home: Path, *arguments: str, seconds: float = 60.0, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a verb of the command with ``home`` as its folder, and further variables of the environment."""
    return subprocess.run(
        [TRACKSIDE, *arguments],
        env={**environment(home), **(variables or {})},
        text=True,
        capture_output=True,
        timeout=seconds,
        check=False,
    )


def all_gone(family: list[psutil.Process]) -> None:
    """Fail if one of these processes is left after some seconds."""
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


def hear_ctrl_c() -> None:
    """Let a child be interrupted, also where the tests themselves were started in the background and may not be."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a person whose platform lies in ``home``, and who has classes in ``tests.builders``."""
    own = {"TRACKSIDE_HOME": str(home), "COLUMNS": "120", "NO_COLOR": "1", "PYTHONPATH": str(_CHECKOUT)}
    return {**inherited(), **own}


def inherited() -> dict[str, str]:
    """Return what any child of the tests is given: PATH, and whether its lines are counted."""
    return dict(os.environ)  # noqa: TID251
