"""The object store: whether what is written there can be read again."""

import secrets
from dataclasses import dataclass

from contracts.errors import Misconfigured, Unavailable
from infra.checkup import Finding, fail, ok
from infra.objects import ObjectMissing
from infra.objects.s3 import s3_access_of
from infra.objects.store import open_objects
from infra.settings import StateSettings

_PREFIX = "checkup"
_SIZE = 1024


@dataclass(frozen=True)
class ObjectsSeen:
    """How a store took a small object."""

    url: str
    problem: str | None = None


def look(settings: StateSettings) -> ObjectsSeen:
    """Write a small object, read it, and remove it."""
    url = settings.objects_url
    # Not twice the same: one object to each look, so that two do not take it away from each other.
    content = secrets.token_bytes(_SIZE)
    try:
        objects = open_objects(url, s3_access_of(settings))
        stored = objects.put(_PREFIX, [content])
        try:
            same = objects.read(stored.key) == content
        finally:
            objects.delete(stored.key)
    except (Misconfigured, Unavailable, ObjectMissing, OSError) as error:
        return ObjectsSeen(url, str(error))
    return ObjectsSeen(url, None if same else "It gives back other bytes than it was given.")


def judge(seen: ObjectsSeen) -> Finding:
    """Say whether the store can be used."""
    if seen.problem is not None:
        cause = f"{seen.url} cannot be written and read: {seen.problem}"
        return fail("objects", cause, "Make room, start the store, or set its address and key.")
    return ok("objects", f"{seen.url} can be written and read.")
