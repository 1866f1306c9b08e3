"""Whether a connector keeps its promises."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.ingest.sources.conformance.case import Broken, Case, Unjudged
from services.ingest.sources.conformance.promises import PROMISES


@dataclass(frozen=True)
class Verdict:
    """One promise, and whether it is kept."""

    name: str
    promise: str
    """Its sentence."""
    kept: bool | None
    """None if it could not be tried."""
    why: str = ""
    """What was found, if it is not kept, or why it could not be tried."""


def judge(case: Case) -> Iterator[Verdict]:
    """Try each promise on a connector, one after the other."""
    for promise in PROMISES:
        name, sentence = promise.__name__, (promise.__doc__ or "").strip()
        try:
            kept, why = _tried(promise, case)
        except Exception as error:  # noqa: BLE001 - a connector from elsewhere may raise anything
            kept, why = False, f"{type(error).__name__}: {error}"
        for secret in case.secrets:
            why = why.replace(secret, "***")
        yield Verdict(name, sentence, kept, why)


def _tried(promise: Callable[[Case], None], case: Case) -> tuple[bool | None, str]:
    try:
        promise(case)
    except Broken as broken:
        return False, str(broken)
    except Unjudged as unjudged:
        return None, str(unjudged)
    return True, ""
