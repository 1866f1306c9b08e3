"""What is wrong with a platform, and what helps: findings, judged from what was seen.

In each module ``look`` gathers and never judges, ``judge`` judges and never looks.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Verdict = Literal["ok", "warn", "fail"]


class Finding(BaseModel):
    """What one check came to."""

    model_config = ConfigDict(frozen=True)

    check: str
    verdict: Verdict
    """``fail``: something does not work; ``warn``: it works, and somebody should know."""
    cause: str
    cure: str = ""


def ok(check: str, cause: str) -> Finding:
    """Return that all is well."""
    return Finding(check=check, verdict="ok", cause=cause)


def warn(check: str, cause: str, cure: str) -> Finding:
    """Return that somebody should know."""
    return Finding(check=check, verdict="warn", cause=cause, cure=cure)


def fail(check: str, cause: str, cure: str) -> Finding:
    """Return that something does not work."""
    return Finding(check=check, verdict="fail", cause=cause, cure=cure)
