"""Credentials by name, from a folder that only ingest reads: a JSON file for each."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from contracts.faults import faults_of
from contracts.ids import Name
from contracts.sources import CredentialsKept
from services.ingest.domain.source_errors import NoCredentialsTaken, UnknownCredentials, WrongCredentials
from services.ingest.sources import Credentials, Source

_NAME: TypeAdapter[str] = TypeAdapter(Name)


class CredentialsFolder:
    """Reads what proves who is asking; nothing of it is kept in memory or told to anybody but the source."""

    def __init__(self, folder: Path | None) -> None:
        """``folder`` holds ``<name>.json``; None if there is none, and so no credentials.

        A file may say in ``kind`` which sources it is for; then it is for no others.
        """
        self._folder = folder

    def kept(self) -> tuple[CredentialsKept, ...]:
        """Return what there is by name, never what it holds."""
        files = sorted(self._folder.glob("[!.]*.json")) if self._folder else []
        return tuple(CredentialsKept(name=file.stem, kind=_kind_in(file)) for file in files if _is_name(file.stem))

    def of(self, source: Source, name: str | None) -> Credentials | None:
        """Return the credentials called ``name``, as ``source`` needs them; None if none were named.

        Raises:
            Refusal: if there are none of that name, or they do not fit.
        """
        if name is None:
            return None
        if source.credentials is None:
            raise NoCredentialsTaken(source.kind)
        try:
            return source.credentials.model_validate(_for_kind(self._read(name), name, source.kind))
        except ValidationError as error:
            raise WrongCredentials(name, source.kind, faults_of(error, "the file")) from None

    def _read(self, name: str) -> bytes:
        if self._folder is None:
            raise UnknownCredentials(name)
        try:
            return (self._folder / f"{name}.json").read_bytes()
        except OSError:
            raise UnknownCredentials(name) from None


def _is_name(text: str) -> bool:
    try:
        _NAME.validate_python(text)
    except ValidationError:
        return False
    return True


def _kind_in(file: Path) -> str | None:
    try:
        kind = json.loads(file.read_bytes()).get("kind")
    except (OSError, ValueError, AttributeError):
        return None
    return kind if isinstance(kind, str) and _is_name(kind) else None


def _for_kind(data: bytes, name: str, kind: str) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except ValueError:  # its message may repeat what stands there
        said = None
    if not isinstance(said, dict):
        raise WrongCredentials(name, kind, ["the file holds no JSON object"])
    if (meant := said.pop("kind", kind)) != kind:
        raise WrongCredentials(name, kind, [f"they are for the kind {meant}"])
    return said
