"""Where a running platform answers: written by its supervisor, read by the command line."""

import os
from datetime import datetime
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.errors import TracksideError
from infra.local.layout import Home


class PlatformNotRunning(TracksideError):
    """No platform runs in this folder."""

    def __init__(self, home: Home) -> None:
        super().__init__(
            f"No platform is running in {home.root}. Start it in another terminal with: trackside up "
            "(or say in TRACKSIDE_HOME which folder it runs in)."
        )


class Running(BaseModel):
    """One process of the platform, as its supervisor sees it."""

    model_config = ConfigDict(frozen=True)

    pid: int | None
    """None while it is not running."""
    ready: bool
    restarts: int
    log: Path
    on_bus: bool
    """True if it answers ``contracts.health.AskHealth``."""


class Platform(BaseModel):
    """A running platform: its addresses and its processes."""

    model_config = ConfigDict(frozen=True)

    home: Path
    pid: int
    """The supervisor's."""
    started_at: datetime
    nats_url: str
    objects_url: str
    ui_url: str
    serving_url: str
    events_url: str
    """The event ingress."""
    mlflow_url: str
    issuer_url: str
    processes: dict[str, Running]

    @classmethod
    def find(cls, home: Home) -> Self:
        """Return the platform that runs in ``home``.

        Raises:
            PlatformNotRunning: if none does.
        """
        try:
            platform = cls.model_validate_json(home.platform_file.read_bytes())
        except (FileNotFoundError, ValidationError):
            raise PlatformNotRunning(home) from None
        if not _is_alive(platform.pid):
            raise PlatformNotRunning(home)
        return platform

    def write(self) -> None:
        """State this as the platform that runs in its home; a reader sees the old or the new text, whole."""
        file = Home(self.home).platform_file
        unfinished = file.with_suffix(".new")
        unfinished.write_text(self.model_dump_json(indent=2))
        unfinished.replace(file)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
