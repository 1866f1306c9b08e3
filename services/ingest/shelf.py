"""Where profiles are read, and the objects of removed versions go."""

from collections.abc import Iterable

from contracts.profiles import Profile
from infra.objects import ObjectMissing, Objects


class ObjectShelf:
    """The Shelf port over the object store."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def profile(self, key: str) -> Profile | None:
        """Return a profile; None if the store has lost it."""
        try:
            return Profile.model_validate_json(self._objects.read(key))
        except ObjectMissing:
            return None

    def remove(self, keys: Iterable[str]) -> dict[str, int]:
        """Remove objects; return those that were there, each with its bytes."""
        removed: dict[str, int] = {}
        for key in keys:
            try:
                removed[key] = self._objects.size(key)
            except ObjectMissing:
                continue
            self._objects.delete(key)
        return removed
