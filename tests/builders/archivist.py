"""The archivist in a process of its own, which may die as by a power cut right behind one of its steps.

``python -m tests.builders.archivist NATS_URL OBJECTS_URL BEFORE PART_BYTES STEP``
"""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import datetime

from infra.bus.archiving import Archivist, Step
from infra.bus.connection import connect
from infra.history.archive import ObjectArchive
from infra.objects.store import open_objects


def killed_behind(step: Step, nats_url: str, objects_url: str, before: datetime, part_bytes: int) -> None:
    """Archive, and die behind the first ``step``; return when it is dead."""
    assert _run(nats_url, objects_url, before, part_bytes, step) == -signal.SIGKILL


def archived_elsewhere(nats_url: str, objects_url: str, before: datetime, part_bytes: int) -> None:
    """Archive, and return when it is done."""
    assert _run(nats_url, objects_url, before, part_bytes, "none of them") == 0


def _run(nats_url: str, objects_url: str, before: datetime, part_bytes: int, step: str) -> int:
    words = (nats_url, objects_url, before.isoformat(), str(part_bytes), step)
    return subprocess.run([sys.executable, "-m", "tests.builders.archivist", *words], check=False).returncode


async def _archive(nats_url: str, objects_url: str, before: str, part_bytes: str, last_step: str) -> None:
    def told(step: Step, _sequence: int) -> None:
        if step == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    client = await connect(nats_url, None, name="cli")
    archive = ObjectArchive(lambda: open_objects(objects_url))
    await Archivist(client, archive, told, int(part_bytes)).archive(datetime.fromisoformat(before))
    await client.close()


if __name__ == "__main__":
    asyncio.run(_archive(*sys.argv[1:]))
