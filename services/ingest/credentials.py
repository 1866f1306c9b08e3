"""Credentials by name, from a folder that only ingest reads: a JSON file for each."""

from pathlib import Path

from pydantic import ValidationError

from services.ingest.domain.source_errors import NoCredentialsTaken, UnknownCredentials, WrongCredentials
from services.ingest.sources import Credentials, Source


class CredentialsFolder:
    """Reads what proves who is asking; nothing of it is kept in memory or told to anybody but the source."""

    def __init__(self, folder: Path | None) -> None:
        """``folder`` holds ``<name>.json``; None if there is none, and so no credentials."""
        self._folder = folder

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
            return source.credentials.model_validate_json(self._read(name))
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False, include_context=False)
            said = [f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}" for fault in faults]
            raise WrongCredentials(name, source.kind, said) from None

    def _read(self, name: str) -> bytes:
        if self._folder is None:
            raise UnknownCredentials(name)
        try:
            return (self._folder / f"{name}.json").read_bytes()
        except OSError:
            raise UnknownCredentials(name) from None
