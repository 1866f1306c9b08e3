"""Why a dataset version cannot be shown, compared or removed."""

from collections.abc import Iterable
from datetime import datetime

from contracts.errors import Refusal


class UnknownDataset(Refusal):
    """No dataset has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no dataset {name}.", "trackside datasets lists those that there are.")


class UnknownVersion(Refusal):
    """The dataset never had a version of this number."""

    def __init__(self, name: str, number: int, known: Iterable[int]) -> None:
        super().__init__(
            f"The dataset {name} has no version {number}.", f"It has {', '.join(map(str, known)) or 'none any more'}."
        )


class VersionRemoved(Refusal):
    """The dataset version was removed before."""

    def __init__(self, name: str, number: int, at: datetime, known: Iterable[int]) -> None:
        super().__init__(
            f"Version {number} of {name} was removed on {at:%Y-%m-%d}.",
            f"There are left: {', '.join(map(str, known)) or 'none'}. The same rows can be registered again.",
        )


class NothingBefore(Refusal):
    """There is no earlier version to compare with."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(
            f"There is no version of {name} before {number} to compare it with.",
            "Register another version, or name the two that are to be compared.",
        )


class NoProfile(Refusal):
    """The dataset version was registered before there were profiles."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(
            f"Version {number} of {name} has no profile: it was registered by an earlier release.",
            "Register the same rows again: the version stays what it is, and gets its profile.",
        )


class ProfileMissing(Refusal):
    """The object store has lost a profile."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(
            f"The profile of version {number} of {name} is not in the object store.",
            "Restore the store from a backup, or look for more damage: trackside doctor",
        )
