"""What an error says, whichever server writes it: a reason, a cause and a cure."""

from collections.abc import Sequence
from typing import Any


def error_body(reason: str, cause: str, cure: str, problems: Sequence[Any] = ()) -> dict[str, Any]:
    """Return the body of an error as JSON has it."""
    said: dict[str, Any] = {"reason": reason, "cause": cause, "cure": cure}
    if problems:
        said["problems"] = list(problems)
    return {"error": said}
