"""What the documentation of each comparison shows is what it does."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from ml import comparisons

MODULES = sorted(module.name for module in pkgutil.iter_modules(comparisons.__path__, f"{comparisons.__name__}."))

GUIDE = Path(__file__).parents[4] / "docs" / "guides" / "comparing.md"


@pytest.mark.parametrize("name", [comparisons.__name__, *MODULES])
def test_the_examples_of_a_module_are_true(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_every_module_shows_an_example(name: str) -> None:
    assert doctest.testmod(import_module(name)).attempted > 0


def test_the_examples_of_the_guide_are_true() -> None:
    assert doctest.testfile(str(GUIDE), module_relative=False).failed == 0
