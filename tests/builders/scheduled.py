"""A scheduler whose clock runs fast, and an ingest that reads every source at once."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contracts.catalog import HEARS
from contracts.ids import IngestionId
from contracts.ingest import DatasetRejected
from contracts.message import Message
from contracts.schedules import SetSchedule
from contracts.sources import ReadSource, SourceAsked
from infra.bus import Handler
from infra.clock import Clock
from infra.runner import main
from infra.service import Service
from services.scheduler.app import service
from services.scheduler.settings import SchedulerSettings
from tests.builders.messages import a_dataset_version
from tests.builders.platform import inherited

BEGINNING = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
"""When a fast clock starts: before the clocks of Paris are put forward."""


def a_schedule(**fields: object) -> SetSchedule:
    """Return the command to read penguins every minute."""
    source = SourceAsked(kind="s3", options={"url": "s3://field-station/penguins/"})
    defaults = {"schedule_id": "often", "cron": "* * * * *", "dataset": "penguins", "source": source}
    return SetSchedule.model_validate(defaults | fields)


def fast_clock(started: float, speed: float) -> Clock:
    """Return a clock that showed ``BEGINNING`` when it was ``started`` by the machine's, and runs faster than that."""
    return lambda: BEGINNING + timedelta(seconds=(time.time() - started) * speed)


class ScheduledProcess:
    """A scheduler in a process of its own, to be killed and started again."""

    def __init__(self, nats_url: str, folder: Path, speed: float) -> None:
        self._arguments = [str(time.time()), str(speed)]
        self._environment = {
            "SCHEDULER_NATS_URL": nats_url,
            "SCHEDULER_STATE_URL": f"sqlite:///{folder}/scheduler.db",
            "SCHEDULER_WATCH_SECONDS": "0.5",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "tests.builders.scheduled", *self._arguments]
        self._process = subprocess.Popen(command, env={**inherited(), **self._environment})

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()


@contextmanager
def a_scheduler(nats_url: str, folder: Path, speed: float) -> Iterator[ScheduledProcess]:
    """Run a scheduler in a process of its own while the block runs."""
    process = ScheduledProcess(nats_url, folder, speed)
    process.start()
    try:
        yield process
    finally:
        process.kill()


def obedient_ingest(asked: list[ReadSource], *, refusing: bool = False) -> Service:
    """Return an ingest that notes what it is asked to read, and registers a new version each time, or refuses."""

    def read(command: ReadSource) -> list[Message]:
        asked.append(command)
        if refusing:
            return [_rejected(command)]
        number = len({one.ingestion_id for one in asked})
        said = {"ingestion_id": command.ingestion_id, "name": command.name, "number": number}
        return [a_dataset_version(**said, version=f"{number:064x}")]

    handlers: dict[type[Message], Handler] = dict.fromkeys(HEARS["ingest"], Handler(lambda _command: []))
    return Service(role="ingest", handlers=handlers | {ReadSource: Handler(read)})


def _rejected(command: ReadSource) -> DatasetRejected:
    said = {"reason": "SourceAway", "cause": "The field station is away.", "cure": "Wait."}
    return DatasetRejected(ingestion_id=IngestionId(command.ingestion_id), name=command.name, **said)


if __name__ == "__main__":
    _started, _speed = map(float, sys.argv[1:])
    main(SchedulerSettings, lambda settings: service(settings, fast_clock(_started, _speed)))
