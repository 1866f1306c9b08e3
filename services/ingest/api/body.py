"""A request's body, which is never trusted to be short, or to end."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request

from services.ingest.api.refusals import BodyStalled, TooLarge

_SILENCE_SECONDS = 30.0


async def pieces(request: Request, what: str, limit: int, setting: str) -> AsyncIterator[bytes]:
    """Yield the body, the ``what`` of this request, as it comes.

    Raises:
        TooLarge: as soon as it is longer than ``limit`` bytes, which stands in ``setting``.
        BodyStalled: if nothing comes for a while.
    """
    stated = request.headers.get("content-length", "0")
    if stated.isdecimal() and int(stated) > limit:
        raise TooLarge(what, limit, setting)
    length = 0
    coming = request.stream()
    while True:
        try:
            piece = await asyncio.wait_for(anext(coming, None), _SILENCE_SECONDS)
        except TimeoutError:
            raise BodyStalled(_SILENCE_SECONDS) from None
        if piece is None:
            return
        length += len(piece)
        if length > limit:
            raise TooLarge(what, limit, setting)
        yield piece
