"""What a person reads about a value that no contract allows."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

_ARGUMENTS = {
    "dataset": "DATASET",
    "experiment_id": "EXP",
    "trigger_id": "TRIGGER",
    "schedule_id": "SCHEDULE",
    "model": "MODEL_VERSION|EXP",
    "url": "URL",
}
"""Fields that a person gives by their place in the command line, and not as an option."""
_NAMES = {"name", "dataset", "kind", "credentials"}
_LONGEST_NAME = 63


def refused(error: ValidationError) -> str:
    """Return what is wrong with each value, and what would be right."""
    return "\n".join(_said(fault) for fault in error.errors())


def _said(fault: Mapping[str, Any]) -> str:
    field = str(fault["loc"][-1]) if fault["loc"] else ""
    value = fault["input"]
    place = _ARGUMENTS.get(field) or "--" + field.replace("_", "-")
    if field == "url":
        # Not repeated: there may be a password in it.
        return f"{place} is no address. Give one that begins with http:// or https://, without a user name or password."
    given = f"{place} {value!r}"
    if fault["type"] != "string_pattern_mismatch":
        return f"{given}: {fault['msg']}."
    if field in _NAMES:
        return f"{given} is no name. Use small letters, digits, - and _, for example {_alike(value)}."
    return f"{given} is no id. An id has letters, digits, - and _ only."


def _alike(text: str) -> str:
    """Return the name that is most like ``text``.

    >>> _alike("A b"), _alike("Ärger.csv"), _alike("???")
    ('a-b', 'rger-csv', 'a-b')
    """
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:_LONGEST_NAME] or "a-b"
