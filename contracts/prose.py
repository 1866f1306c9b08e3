"""What the sentences below fields say: read from the source only when somebody asks, so that no process pays for it."""

import ast
import inspect
import sys
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel


def field_prose(model: type[BaseModel]) -> dict[str, str]:
    """Return what is said of each field of ``model``, those of its bases included.

    >>> from contracts.ingest import RejectedRow
    >>> field_prose(RejectedRow)["problem"]
    'Why it was left out.'
    """
    prose: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel):
            prose |= _module_prose(base.__module__).get(base.__name__, {})
    return prose


@cache
def _module_prose(module: str) -> Mapping[str, Mapping[str, str]]:
    """Return what is said of each field of each class of a module."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: _class_prose(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _class_prose(node: ast.ClassDef) -> dict[str, str]:
    following = zip(node.body, node.body[1:], strict=False)
    return {
        field.target.id: inspect.cleandoc(sentence.value.value)
        for field, sentence in following
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(sentence, ast.Expr)
        and isinstance(sentence.value, ast.Constant)
        and isinstance(sentence.value.value, str)
    }
