"""Which subjects a pattern of NATS lets through."""

import re
from collections.abc import Sequence


def matching(subjects: Sequence[str]) -> re.Pattern[str]:
    """Return what matches the subjects that NATS' own patterns let through.

    >>> bool(matching(["evt.*.fit.>"]).fullmatch("evt.training.fit.completed.v1.exp-1"))
    True
    >>> bool(matching(["evt.*.fit.>"]).fullmatch("evt.training.experiment.started.v1.exp-1"))
    False
    """
    tokens = {"*": r"[^.]+", ">": r".+"}
    patterns = (r"\.".join(tokens.get(token, re.escape(token)) for token in subject.split(".")) for subject in subjects)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
