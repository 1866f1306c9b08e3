"""The examples in the docstrings are run, so that none of them lies."""

import doctest
from importlib import import_module
from pkgutil import iter_modules

import pytest

import ml
import ml.explain
import ml.report

MODULES = [
    *("ml.engines", "ml.engines.own"),
    *(
        f"{package.__name__}.{module.name}"
        for package in (ml, ml.report, ml.explain)
        for module in iter_modules(package.__path__)
        if not module.ispkg
    ),
    "ml.report",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_say_what_happens(name: str) -> None:
    assert doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS).failed == 0
