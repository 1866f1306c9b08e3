"""Peers: tools for the same question, each in an environment of its own, made once and kept outside of this tree.

A peer's program takes ``TRAIN.csv HOLDOUT.csv TARGET METRIC SECONDS CORES ANSWERS.json``, learns from the first file,
and writes what it answers for the rows of the second, and in how many seconds it learned.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.bench.answers import Answers
from tests.bench.question import Question

_PROGRAMS = Path(__file__).parent / "peers"
_INSTALL_SECONDS = 900.0
_GRACE_SECONDS = 180.0
"""How much longer than it was given a peer may take, its start and its answers included."""


class PeerMissing(Exception):
    """A peer could not be installed or asked; the reason is for a person."""


@dataclass(frozen=True)
class Peer:
    """A tool, and the versions that it is measured in."""

    name: str
    packages: tuple[str, ...]

    def answers(self, question: Question, seconds: float, cores: int, environments: Path, folder: Path) -> Answers:
        """Let it learn for so many seconds, and return what it answers.

        Raises:
            PeerMissing: if it cannot be installed, or does not answer.
        """
        answers = folder / f"{self.name}.json"
        files = (question.train, question.holdout, question.target, question.metric)
        command = (self._python(environments), _PROGRAMS / f"ask_{self.name}.py", *files, seconds, cores, answers)
        _done(tuple(map(str, command)), folder, seconds + _GRACE_SECONDS)
        return Answers.read(answers)

    def _python(self, environments: Path) -> Path:
        """Return the Python of its environment, which is made if there is none with these packages."""
        place = environments / f"{self.name}-{sha256(' '.join(self.packages).encode()).hexdigest()[:8]}"
        python, made = place / "bin" / "python", place / "made"
        if not made.exists():
            place.mkdir(parents=True, exist_ok=True)
            _done((sys.executable, "-m", "venv", "--clear", str(place)), place, _INSTALL_SECONDS)
            _done((str(python), "-m", "pip", "install", "--quiet", *self.packages), place, _INSTALL_SECONDS)
            made.write_text("\n".join(self.packages))
        return python


PEERS = (
    Peer("flaml", ("flaml[automl]==2.8.0", "lightgbm==4.7.0", "pandas==3.1.1", "scikit-learn==1.9.1")),
    Peer(
        "autogluon", ("torch==2.13.0", "autogluon.tabular[lightgbm]==1.6.3", "lightgbm==4.7.0", "scikit-learn==1.9.1")
    ),
)


def _done(command: Sequence[str], folder: Path, seconds: float) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerMissing(str(error)) from error
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode} and said nothing"]
        raise PeerMissing(said[-1])
