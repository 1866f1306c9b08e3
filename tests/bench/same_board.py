"""`make same-board`: the same plans on four fresh platforms; every number and verdict of their boards must be the same.

With one worker, with two, with two beside processes that keep every core busy, and with kills of what a race needs. The
candidates are PyCaret's, most of them random, for classes and for numbers; a third race retires candidates. Exits with
1 if one bit differs.
"""

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from contracts.ids import CandidateId
from contracts.training import Engine, ExperimentTemplate, Task
from tests.builders.conditions import Condition, Ran, ran
from tests.builders.storm import tally
from ui.cli.compare import report
from ui.cli.flights import TARGET, write_flights
from ui.cli.sameness import compared

FOLDS = 3
KILLS = 10
_OTHER_SEED = 43
_CANDIDATES: Mapping[Task, str] = {
    "classification": "lr nb dt ada rf et gbc lightgbm",
    "regression": "lr dt huber ada rf et gbr lightgbm",
}
_TARGETS: Mapping[Task, str] = {"classification": TARGET, "regression": "temp"}


def main() -> None:
    """Race four times, print what the boards come to, and exit."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "flights.csv"
        write_flights(rows)
        runs = []
        for number, condition in enumerate(conditions(KILLS)):
            runs.append(ran(condition, rows, races("pycaret", _CANDIDATES, FOLDS), Path(folder) / str(number)))
            sys.stdout.write(told(runs[-1]) + "\n")
            sys.stdout.flush()
    sys.exit(0 if all_one(runs) else 1)


def conditions(kills: int) -> tuple[Condition, ...]:
    """Return the four conditions."""
    return (
        Condition("1 worker", workers=1),
        Condition("2 workers"),
        Condition("loaded", busy=2 * (os.cpu_count() or 1)),
        Condition("kills", kills=kills),
    )


def races(engine: Engine, candidates: Mapping[Task, str], folds: int) -> dict[str, ExperimentTemplate]:
    """Return a race for each task in which nobody is retired, and one more of classes in which candidates are."""
    full: dict[str, ExperimentTemplate] = {
        task: ExperimentTemplate(
            target=_TARGETS[task],
            task=task,
            engine=engine,
            folds=folds,
            rule="full",
            candidates=tuple(map(CandidateId, names.split())),
        )
        for task, names in candidates.items()
    }
    # Another seed, since equal fits are not made twice.
    careful = {"rule": "careful", "seed": _OTHER_SEED, "folds": folds * 2}
    return {**full, "careful": full["classification"].model_copy(update=careful)}


def told(run: Ran) -> str:
    """Return what happened under one condition in a line."""
    kills = f"; killed: {tally(run.killed)}" if run.killed else ""
    return (
        f"{run.condition.name}: {run.seconds:.1f} s, {run.fits} fits, {run.failed} failed, "
        f"{run.doubled} doubled, {run.lost} lost{kills}"
    )


def all_one(runs: Sequence[Ran]) -> bool:
    """Print the boards of each race side by side, and return whether they are one and each fit is there once."""
    same = all(run.doubled == run.lost == run.failed == 0 for run in runs)
    for race in runs[0].boards:
        comparison = compared({f"{race}, {run.condition.name}": run.boards[race] for run in runs})
        report(comparison)
        same &= comparison.same
    return same


if __name__ == "__main__":
    main()
