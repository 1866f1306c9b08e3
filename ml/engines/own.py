"""A person's own estimator as a candidate: a class of scikit-learn's manners, by its import path.

Only ``estimator_of`` imports it, so that whoever plans a race runs none of its code.
"""

import importlib
import inspect
import keyword
from typing import Any

_ASKED = ("fit", "predict", "get_params")
_LONGEST = 200
_INSTALL = "Install it in their environment, or put its folder on their PYTHONPATH, then start them again."


class ImportPathMalformed(ValueError):
    """This is no import path of a class."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"{path!r} is no import path of a class, such as 'acme.models:Booster'.")


class EstimatorUnusable(ValueError):
    """The class cannot be imported, or is no estimator."""


def is_own(candidate: str) -> bool:
    """Return whether a candidate is named by an import path: the engines' own names have no colon.

    >>> is_own("acme.models:Booster"), is_own("lightgbm")
    (True, False)
    """
    return ":" in candidate


def package_of(candidate: str) -> str | None:
    """Return the outermost package of a person's own class; None if the candidate is the engine's.

    >>> package_of("acme.models:Booster")
    'acme'
    """
    return candidate.partition(":")[0].partition(".")[0] if is_own(candidate) else None


def name_of(path: str) -> str:
    """Return what people call the class at an import path.

    >>> name_of("acme.models:Booster")
    'Booster (acme.models)'

    Raises:
        ImportPathMalformed: if it is no import path.
    """
    module, _, name = path.partition(":")
    parts = [*module.split("."), name]
    if len(path) > _LONGEST or not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        raise ImportPathMalformed(path)
    return f"{name} ({module})"


def estimator_of(path: str, seed: int) -> Any:
    """Return a new, unfitted estimator of the class at an import path, with this seed and one thread if it takes them.

    Raises:
        EstimatorUnusable: if it cannot be imported, is no estimator, or cannot be made without arguments.
    """
    kind = _class_at(path)
    wanted = {"random_state": seed, "n_jobs": 1}
    taken = {name: value for name, value in wanted.items() if name in inspect.signature(kind).parameters}
    try:
        estimator = kind(**taken)
        known = estimator.get_params(deep=False)
    except Exception as error:
        raise EstimatorUnusable(
            f"{path} cannot be made without arguments ({_words(error)}). Give each of its parameters a default."
        ) from error
    # Some hide their parameters behind ``**kwargs``.
    if hidden := {name: value for name, value in wanted.items() if name in known and name not in taken}:
        estimator.set_params(**hidden)
    return estimator


def _class_at(path: str) -> type[Any]:
    name_of(path)
    module_name, _, name = path.partition(":")
    importlib.invalidate_caches()
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:  # a module may do anything while it is imported
        raise EstimatorUnusable(f"the workers cannot import {module_name} ({_words(error)}). {_INSTALL}") from error
    found = getattr(module, name, None)
    if not isinstance(found, type):
        what = "has no" if found is None else "has something else than a class by the name of"
        raise EstimatorUnusable(f"the module {module_name} {what} {name}. Name a class of it.")
    if lacking := [method for method in _ASKED if not callable(getattr(found, method, None))]:
        raise EstimatorUnusable(
            f"{path} is no estimator: it has no {' and no '.join(lacking)}."
            " Give it the methods of scikit-learn's BaseEstimator."
        )
    return found


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
