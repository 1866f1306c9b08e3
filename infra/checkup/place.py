"""Where the platform is that is examined."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.platform import Running
from infra.settings import StateSettings


@dataclass(frozen=True)
class Place:
    """Where a platform answers, embedded or elsewhere."""

    nats_url: str
    seed_file: Path | None
    ca_file: Path | None
    servers: Mapping[str, str]
    """The addresses of HTTP servers, by name."""
    issuer: str
    """The issuer's name for itself, if it is asked at another address; else empty."""
    processes: Mapping[str, Running | None]
    """Who answers for its health over the bus, by name; what its supervisor sees, if we are on its machine."""
    objects: StateSettings | None
    """How the object store is reached; None if it is not looked at."""
