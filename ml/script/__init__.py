"""A stand-alone program that makes the folds of a race once more: what the race did, for anybody to read and to run.

The program needs the libraries only, nothing of ours. So it says in its own words what ``ml`` does; a test runs it for
every candidate, and the scores have to be the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ml.engines import EngineName
from ml.engines.intake import Intake
from ml.metrics import Task
from ml.script.judging import COMPARING, SCORES, TARGET, VERDICT
from ml.script.reading import reading
from ml.script.requirements import requirements
from ml.script.splitting import Splitting, splitting
from ml.script.training import Training, pycaret_training, sklearn_training

SCRIPT = "reproduce.py"
REQUIREMENTS = "requirements.txt"


@dataclass(frozen=True)
class Reproduced:
    """What a script is to reproduce."""

    dataset: str
    target: str
    task: Task
    engine: EngineName
    candidate: str
    title: str
    """The candidate's name for people."""
    folds: int
    seed: int
    groups: str | None
    """The column whose rows of one value stay together; None if rows are split one by one."""
    intake: Intake
    estimator: Any
    """The candidate's estimator, fitted or not."""


def script_of(asked: Reproduced) -> Mapping[str, str]:
    """Return the script and its requirements, by the names of their files; nothing for a task that has no script."""
    if asked.task not in SCORES:
        return {}
    training = pycaret_training(asked.task) if asked.engine == "pycaret" else sklearn_training(asked.estimator)
    return {SCRIPT: _script(asked, training), REQUIREMENTS: requirements(asked.engine)}


def _script(asked: Reproduced, training: Training) -> str:
    folds = splitting(asked.task, grouped=asked.groups is not None)
    reads = reading(asked.intake.types.values())
    functions = filter(None, (reads, folds.functions, SCORES[asked.task], training.functions, COMPARING))
    ready = f"features, target = rows_of_the_race()\n{TARGET[asked.task]}{training.ready.lstrip()}"
    splits = f"splits = {folds.folds}\n"
    return "\n".join([_opening(asked, training, folds), *functions, "", ready + splits + VERDICT])


def _opening(asked: Reproduced, training: Training, folds: Splitting) -> str:
    splits = [f"from sklearn.model_selection import {folds.splitter}"] if folds.splitter else []
    imports = [*_IMPORTS, *training.imports, *splits]
    plain = sorted(line for line in imports if line.startswith("import "))
    chosen = sorted(line for line in imports if line.startswith("from "))
    return "\n".join([_about(asked), _STANDARD, *plain, *chosen, "", _constants(asked)])


def _about(asked: Reproduced) -> str:
    title = _in_a_docstring(f"{asked.title} predicts {asked.target} of {asked.dataset}")
    return f'"""{title}: the folds of the race, once more.\n\n{_HOW}"""\n'


def _constants(asked: Reproduced) -> str:
    features = "".join(
        f"    {name!r}: ({asked.intake.names[name]!r}, {type_!r}),\n" for name, type_ in asked.intake.types.items()
    )
    groups = "" if asked.groups is None else f"GROUPS = {asked.groups!r}\n"
    return (
        'warnings.simplefilter("ignore")\n\n'
        "HERE = Path(__file__).parent\n"
        f"TARGET = {asked.target!r}\n"
        f"{groups}"
        f"FEATURES = {{  # what each column is called inside, and what it holds\n{features}}}\n"
        f"CANDIDATE = {asked.candidate!r}\n"
        f"FOLDS = {asked.folds}\n"
        f"SEED = {asked.seed}\n"
    )


def _in_a_docstring(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', "'")


_HOW = """\
Beside it lie data.parquet (the rows), scores.csv (what every candidate scored on every fold) and requirements.txt (the
libraries, in the versions of the race). It needs nothing else:

    python3.11 -m venv env
    env/bin/pip install -r requirements.txt
    env/bin/python reproduce.py

It trains the candidate fold by fold, prints each score beside that of the race, and exits with 1 if two differ by more
than 1e-9.
"""

_STANDARD = """\
import csv
import math
import os
import sys
import warnings
from pathlib import Path

# One thread, as in the race: sums in another order differ in their last digits. Before the libraries are imported.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"
os.environ["PYCARET_CUSTOM_LOGGING_PATH"] = os.devnull
"""

_IMPORTS = (
    "import numpy as np",
    "import pandas as pd",
    "import pyarrow.compute as pc",
    "import pyarrow.parquet as pq",
    "from sklearn import metrics",
)
