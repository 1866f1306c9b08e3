"""Engines turn rows and a task into fits: PyCaret, and a small one of scikit-learn alone.

This module stays light, so that a service may ask what an engine offers without paying its import.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Literal

from ml.engines.rosters import PYCARET, SKLEARN
from ml.metrics import Task

if TYPE_CHECKING:
    from ml.engines.port import Engine

EngineName = Literal["pycaret", "sklearn"]

_ROSTERS = {"pycaret": PYCARET, "sklearn": SKLEARN}


class EngineUnknown(ValueError):
    """No engine has this name."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        super().__init__(f"There is no engine {engine!r}. Choose one of {', '.join(_ROSTERS)}.")


def candidates(engine: str, task: Task) -> tuple[tuple[str, str], ...]:
    """Return the id and the name of every candidate that ``engine`` offers for ``task``.

    >>> candidates("sklearn", "regression")[0]
    ('ridge', 'Ridge Regression')

    Raises:
        EngineUnknown: if there is no such engine.
    """
    try:
        return _ROSTERS[engine][task]
    except KeyError:
        raise EngineUnknown(engine) from None


def engine(name: str) -> "Engine":
    """Return the engine of this name, importing it: seconds and hundreds of megabytes for PyCaret.

    Raises:
        EngineUnknown: if there is no such engine.
    """
    if name not in _ROSTERS:
        raise EngineUnknown(name)
    module = import_module(f"ml.engines.{name}")
    made: Engine = module.ENGINE
    return made
