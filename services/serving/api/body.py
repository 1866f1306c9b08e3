"""Rows out of a request's body, which is never trusted to be short, or JSON, or of the right shape."""

import json
from typing import Any

from starlette.requests import Request

from services.serving.domain.errors import BodyTooLarge, BodyUnreadable


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body.

    Raises:
        BodyTooLarge: as soon as it is longer than ``limit`` bytes.
    """
    stated = request.headers.get("content-length", "0")
    if stated.isdecimal() and int(stated) > limit:
        raise BodyTooLarge(limit)
    pieces: list[bytes] = []
    length = 0
    async for piece in request.stream():
        length += len(piece)
        if length > limit:
            raise BodyTooLarge(limit)
        pieces.append(piece)
    return b"".join(pieces)


def rows_in(body: bytes) -> list[dict[str, Any]]:
    """Return the rows of ``{"rows": [...]}`` or ``{"row": {...}}``.

    Raises:
        BodyUnreadable: if it is anything else.
    """
    try:
        said = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BodyUnreadable(f"it is not JSON ({error})") from None
    if not isinstance(said, dict) or said.keys() not in ({"rows"}, {"row"}):
        raise BodyUnreadable("it is not an object with rows, or with row, and nothing else")
    rows = said["rows"] if "rows" in said else [said["row"]]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BodyUnreadable("rows is not a list of one object or more")
    return rows


def _no_number(literal: str) -> Any:
    raise ValueError(f"{literal} is no JSON number; say null for a missing value")
