"""The question and the answer of Git LFS's batch API (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md)."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.faults import faults_of
from services.ingest.api.passes import SECONDS, Act
from services.ingest.api.refusals import LfsMalformed

MEDIA = "application/vnd.git-lfs+json"
MOST = 1000
"""Objects that may be asked for at a time; git-lfs asks for 100."""


class Wanted(BaseModel):
    """One object, as a client names it."""

    model_config = ConfigDict(frozen=True, strict=True)

    oid: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(ge=0, lt=2**63)


class Batch(BaseModel):
    """What a client wants to do with which objects; what else it says does not matter here."""

    model_config = ConfigDict(frozen=True)

    operation: Literal["download", "upload"]
    transfers: tuple[str, ...] = ("basic",)
    hash_algo: Literal["sha256"] = "sha256"
    objects: tuple[Wanted, ...] = Field(max_length=MOST)


def batch_in(body: bytes) -> Batch:
    """Return the question in a request's body.

    Raises:
        LfsMalformed: if it is none, or asks for a transfer that is not offered.
    """
    try:
        batch = Batch.model_validate_json(body)
    except ValidationError as error:
        raise LfsMalformed(faults_of(error, "the body")[0]) from None
    if batch.transfers and "basic" not in batch.transfers:
        raise LfsMalformed("transfers does not have basic, the only one that is offered")
    return batch


def wanted_in(body: bytes) -> Wanted:
    """Return the object that a request's body names.

    Raises:
        LfsMalformed: if it names none.
    """
    try:
        return Wanted.model_validate_json(body)
    except ValidationError as error:
        raise LfsMalformed(faults_of(error, "the body")[0]) from None


def upload_of(wanted: Wanted, size: int | None, limit: int, action: Callable[[Act, Wanted], Any]) -> dict[str, Any]:
    """Return what an upload is answered with; ``size`` is that of the object if it is there, and then nothing is sent.

    ``action`` tells how an act is done.
    """
    if size == wanted.size:
        return _told(wanted)
    if size is not None:
        return _error(wanted, 422, f"Its bytes are here already, and there are {size} of them.")
    if wanted.size > limit:
        said = f"It is larger than {limit} bytes; the operator may raise INGEST_HTTP_MAX_UPLOAD_BYTES."
        return _error(wanted, 422, said)
    return _told(wanted, upload=action("upload", wanted), verify=action("verify", wanted))


def download_of(wanted: Wanted, size: int | None, action: Callable[[Act, Wanted], Any]) -> dict[str, Any]:
    """Return what a download is answered with; ``size`` is that of the object, None if it is not there."""
    if size is None:
        return _error(wanted, 404, "It is not here: push it with git lfs push --all.")
    if size != wanted.size:
        return _error(wanted, 422, f"It has {size} bytes.")
    return _told(wanted, download=action("download", wanted))


def action(href: str, header: Mapping[str, str]) -> dict[str, Any]:
    """Return how an act is done."""
    return {"href": href, "header": dict(header), "expires_in": SECONDS}


def _told(wanted: Wanted, **actions: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"oid": wanted.oid, "size": wanted.size, "authenticated": True}
    return {**told, "actions": actions} if actions else told


def _error(wanted: Wanted, code: int, message: str) -> dict[str, Any]:
    return {"oid": wanted.oid, "size": wanted.size, "error": {"code": code, "message": message}}
