"""A file from outside, into the object store: held on disk until it is whole, never in memory."""

import asyncio
import errno
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from infra.objects import Objects, Stored
from services.ingest.api.refusals import StorageFull

_HELD = 1024 * 1024
"""Bytes that are held before they are written."""


async def stored(objects: Objects, pieces: AsyncIterator[bytes], scratch: Path | None) -> Stored:
    """Return where the bytes came to lie, by their digest: the same file sent again is the same upload.

    Raises:
        StorageFull: if there is no room for them; then nothing is stored.
    """
    async with received(pieces, scratch) as path:
        return await asyncio.to_thread(objects.put_file, "uploads", path)


@asynccontextmanager
async def received(pieces: AsyncIterator[bytes], scratch: Path | None) -> AsyncIterator[Path]:
    """Yield a file of all the bytes that come, which is gone afterwards.

    Raises:
        StorageFull: if there is no room for them.
    """
    with tempfile.NamedTemporaryFile(prefix="trackside-upload-", dir=scratch) as file:
        try:
            held = bytearray()
            async for piece in pieces:
                held += piece
                if len(held) >= _HELD:
                    await asyncio.to_thread(file.write, bytes(held))
                    held.clear()
            file.write(held)
            file.flush()
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull from None
            raise
        yield Path(file.name)
