"""What a source held when a version was made of it: its files, each with what changes when its bytes do."""

import json
from collections.abc import Mapping

from services.ingest.sources import Files, Found

Manifest = Mapping[str, str]
"""A file's name to its identity; rows have no name."""


def manifest_of(found: Found) -> Manifest | None:
    """Return the manifest of what a source holds; None if it cannot say when something there changes."""
    if not isinstance(found, Files):
        return None if found.identity is None else {"": found.identity}
    known = {file.name: f"{file.size}:{file.identity}" for file in found.files if file.identity is not None}
    return known if len(known) == len(found.files) else None


def encoded(manifest: Manifest) -> bytes:
    """Return the bytes that a manifest is kept as: the same for the same files, whatever their order.

    >>> encoded({"b": "2", "a": "1"})
    b'{"a":"1","b":"2"}'
    """
    return json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decoded(data: bytes) -> Manifest:
    """Return the manifest in some bytes."""
    manifest: Manifest = json.loads(data)
    return manifest


def new_in(manifest: Manifest, before: Manifest) -> int:
    """Return how many files are not in the one before, or have other bytes there.

    >>> new_in({"a": "1", "b": "2"}, {"a": "1", "b": "0", "c": "3"})
    1
    """
    return sum(before.get(name) != identity for name, identity in manifest.items())
