"""The page of settings: every class that reads the environment, found in the source."""

import ast
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from contracts.prose import field_prose
from docs.generator.tables import code, page, table
from infra.settings import SECRETS, ProcessSettings, StateSettings, default_home

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("infra", "services", "ui")
_PLAIN = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    Path: "path",
    SecretStr: "**secret** text",
}
_COMMON = (ProcessSettings, StateSettings)


def settings_page() -> str:
    """Return the page of all settings."""
    return page(
        "# Settings",
        "Each process reads its settings from environment variables, once, when it starts. `trackside up` needs none "
        "of them: it sets what its processes need. In containers they stand in `docker-compose.yml`. A value that "
        "cannot work ends the process with exit code 78 and the variable's name.",
        f"What a variable would say may stand in a file instead: `{SECRETS}/<variable>`, its name in lower or upper "
        "case; a variable that is set goes before. Secrets belong there. Lists are written as JSON.",
        "## Every process",
        "Each process reads these under its own prefix, such as `INGEST_NATS_URL`; those without a prefix are the same "
        "for all.",
        table(_COLUMNS, (row for kind in _COMMON for row in _rows(kind, "<PREFIX>_"))),
        *(_section(kind) for kind in settings_classes() if kind.model_config.get("env_prefix")),
    )


def settings_classes() -> list[type[BaseSettings]]:
    """Return every class of settings, by the path of its module."""
    files = (file for package in _PACKAGES for file in sorted((_ROOT / package).rglob("*.py")))
    return [kind for file in files for kind in _stated_in(file)]


def undescribed() -> list[str]:
    """Return the settings that no sentence stands below."""
    return [
        f"{kind.__name__}.{name}" for kind in settings_classes() for name in _own(kind) if name not in field_prose(kind)
    ]


_COLUMNS = ("variable", "type", "default", "meaning")


def _stated_in(file: Path) -> Iterator[type[BaseSettings]]:
    names = [
        node.name
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id.endswith("Settings") for base in node.bases)
    ]
    if names:
        module = importlib.import_module(".".join(file.relative_to(_ROOT).with_suffix("").parts))
        yield from (getattr(module, name) for name in names)


def _section(kind: type[BaseSettings]) -> str:
    prefix = kind.model_config.get("env_prefix", "")
    module = kind.__module__.removesuffix(".settings")
    common = "Those of every process" + (", " if issubclass(kind, StateSettings) else " but the state's and objects', ")
    rows = list(_rows(kind, prefix))
    return "\n\n".join(
        filter(
            None,
            (
                f"## `{prefix}...`: {module}",
                " ".join((kind.__doc__ or "").split()),
                f"{common}and:" if rows and issubclass(kind, ProcessSettings) else "",
                table(_COLUMNS, rows) if rows else "Those of every process.",
            ),
        )
    )


def _own(kind: type[BaseSettings]) -> list[str]:
    """Return the fields of a class that are not those of every process, or that it states anew."""
    stated = [vars(base).get("__annotations__", {}) for base in reversed(kind.__mro__) if _counts(base, kind)]
    return list(dict.fromkeys(name for names in stated for name in names if name in kind.model_fields))


def _counts(base: type, kind: type[BaseSettings]) -> bool:
    return base is kind or (issubclass(base, BaseSettings) and base not in {BaseSettings, *_COMMON})


def _rows(kind: type[BaseSettings], prefix: str) -> Iterator[tuple[str, str, str, str]]:
    prose = field_prose(kind)
    for name in _own(kind):
        field = kind.model_fields[name]
        variable = field.validation_alias if isinstance(field.validation_alias, str) else f"{prefix}{name}".upper()
        yield code(variable), _type(field), _default(field), prose.get(name, "")


def _type(field: FieldInfo) -> str:
    bounds = {"ge": "at least", "gt": "over", "le": "at most", "lt": "under"}
    said = [
        f"{words} {getattr(bound, name)}"
        for bound in field.metadata
        for name, words in bounds.items()
        if hasattr(bound, name)
    ]
    return ", ".join((_named(field.annotation), *said))


def _named(annotation: Any) -> str:
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    choices = [choice for choice in get_args(annotation) if choice not in {type(None), Ellipsis}]
    if get_origin(annotation) in {Union, UnionType}:
        return " or ".join(map(_named, choices))
    if get_origin(annotation) is tuple:
        return f"list of {_named(choices[0])}"
    return " or ".join(code(str(choice)) for choice in choices)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value == "":
        return ""
    if isinstance(value, tuple):
        value = json.dumps(value)
    return code(str(value).replace(str(default_home()), "~/.trackside"))
