"""Objects that no fact names: what was uploaded and what a process left behind that died before it could say so."""

import re
from collections.abc import Iterable
from itertools import chain

from infra.objects import Listed

UPLOADS = "uploads"
REPORTS = "reports"
"""Tables, and a record of each report and explanation that names those that it is made of."""
COLLECTED = (UPLOADS, "datasets", "predictions", "models", REPORTS, "asked", "history", "checkup", "probes")
"""What may be removed. Plans, and the records of finished fits and model versions, are small and written once for ever:
whoever would write one again has to find it."""
PLANS = "plans"
RECORDS = ("fits", "model-versions")
"""Records that no fact names may still be stated, and what they name with them."""

LINEAGE = ("datasets", "predictions", "models", REPORTS)
"""What facts name by its key, and nobody else removes: what was asked may hold persons, who may want it gone."""

_REMOVABLE = (b"datasets",)
"""What a person may remove: what facts name last may be gone for good."""

_KEYS = re.compile(rb"(%b)/[0-9a-f]{64}\.\w+" % "|".join(LINEAGE).encode())
_NAMES = re.compile(rb'uploads/[^"\\]+|[\w-]{32,}')
"""What in a fact can be a name: the key of an upload; digests, and ids of which no two are alike."""


class Suspects:
    """Objects, until a fact names them."""

    def __init__(self, objects: Iterable[Listed]) -> None:
        self._named: dict[bytes, dict[str, None]] = {}
        self._removed: set[str] = set()
        self._by_name: dict[bytes, tuple[Listed, ...]] = {}
        for found in objects:
            name = _name(found.key)
            self._by_name[name] = (*self._by_name.get(name, ()), found)

    def hear(self, text: bytes) -> None:
        """Let go of what ``text``, the data of a fact or of a record, names."""
        for name in _NAMES.findall(text):
            self._by_name.pop(name, None)

    @property
    def last_named(self) -> dict[bytes, str]:
        """The key that facts named last, of each kind of lineage, and that none says is removed."""
        left = {kind: [key for key in keys if key not in self._removed] for kind, keys in self._named.items()}
        return {kind: keys[-1] for kind, keys in left.items() if keys}

    def hear_fact(self, data: bytes) -> None:
        """Let go of what a fact names, and remember it in the order of facts."""
        self.hear(data)
        for found in _KEYS.finditer(data):
            named = self._named.setdefault(found[1], {})
            if found[1] not in _REMOVABLE:
                named.clear()  # the last one is enough
            key = found[0].decode()
            named.pop(key, None)
            named[key] = None

    def hear_removed(self, data: bytes) -> None:
        """Remember that what a fact names was removed: nobody may look for it any more."""
        self._removed.update(found[0].decode() for found in _KEYS.finditer(data))

    def left(self) -> list[Listed]:
        """Return what nothing has named, by key."""
        return sorted(chain.from_iterable(self._by_name.values()), key=lambda found: found.key)


def is_of_report(key: str) -> bool:
    """Return whether this object is the record of a report or an explanation.

    >>> is_of_report("reports/mv-1.json"), is_of_report("reports/0f3a.parquet")
    (True, False)
    """
    return key.startswith(f"{REPORTS}/") and key.endswith(".json")


def can_be_named(key: str) -> bool:
    """Return whether a fact that names this object is recognised as one that does; all others have to stay.

    >>> can_be_named("uploads/ing-1"), can_be_named("datasets/penguins.parquet")
    (True, False)
    """
    return _NAMES.fullmatch(_name(key)) is not None


def _name(key: str) -> bytes:
    """Return how facts name an object: by its digest or id; an upload by its whole key."""
    # The ingestion of an upload that was registered has its name too, and needs it no more.
    name = key if key.startswith(f"{UPLOADS}/") else key.rpartition("/")[2].partition(".")[0]
    return name.encode()
