"""What kind of question the target asks."""

from typing import Literal

from contracts.ingest import Column
from contracts.training import Task
from services.training.domain.errors import TaskUnsuitable, TooManyClasses

_MOST_INTEGER_CLASSES = 20
_GREATEST_SHARE_OF_ROWS = 0.05
_MOST_GUESSED_CLASSES = 100

NUMBERS = {"integer", "float"}
"""Types of which a target may be asked how much it is."""
_MOMENTS = {"date", "timestamp"}


def choose_task(asked: Literal["auto"] | Task, target: Column, rows: int) -> tuple[Task, list[str]]:
    """Return the task for ``target``, and a sentence on why if it was chosen for the asker.

    ``rows`` counts those whose target is known.

    Raises:
        TaskUnsuitable: if the target's type does not suit the task.
        TooManyClasses: if nobody asked for so many classes.
    """
    if target.type in _MOMENTS:
        raise TaskUnsuitable(asked, target.name, target.type)
    if asked == "regression" and target.type not in NUMBERS:
        raise TaskUnsuitable(asked, target.name, target.type)
    if asked != "auto":
        return asked, []
    if _asks_how_much(target, rows):
        return "regression", [f"Task: regression, because {target.name} holds numbers with {target.distinct} values."]
    if target.distinct > _MOST_GUESSED_CLASSES:
        raise TooManyClasses(target.name, target.distinct, rows, guessed=True)
    return "classification", [f"Task: classification, because {target.name} has {target.distinct} values."]


def _asks_how_much(target: Column, rows: int) -> bool:
    if target.type == "float":
        return True
    few = target.distinct == 2 or (
        target.distinct <= _MOST_INTEGER_CLASSES and target.distinct < _GREATEST_SHARE_OF_ROWS * rows
    )
    return target.type == "integer" and not few
