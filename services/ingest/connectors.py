"""Which kinds of source there are: those that installed packages name under the entry point ``trackside.sources``."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from contracts.faults import faults_of
from contracts.sources import SourceKind, SourceOption
from services.ingest.domain.source_errors import UnknownSourceKind, WrongOptions
from services.ingest.sources import Credentials, Options, Source

GROUP = "trackside.sources"


class Connectors:
    """Every connector by its kind; each is imported when it is first asked for, since most are never used."""

    def __init__(
        self, found: Mapping[str, EntryPoint] | None = None, given: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        """``found`` is what there is; what is installed if None. ``given`` is what some kinds are made with."""
        self._found = {point.name: point for point in entry_points(group=GROUP)} if found is None else dict(found)
        self._given = given or {}
        self._made: dict[str, Source] = {}

    def of(self, kind: str) -> Source:
        """Return the connector of a kind.

        Raises:
            UnknownSourceKind: if there is none.
        """
        if kind not in self._found:
            raise UnknownSourceKind(kind, sorted(self._found))
        if kind not in self._made:
            self._made[kind] = self._found[kind].load()(**self._given.get(kind, {}))
        return self._made[kind]

    def kinds(self) -> tuple[SourceKind, ...]:
        """Return what each connector says of itself, by name."""
        return tuple(_told(self.of(kind)) for kind in sorted(self._found))


def options_of(source: Source, said: Mapping[str, str]) -> Options:
    """Return what was said to a source, as its kind understands it.

    Raises:
        WrongOptions: naming each option at fault.
    """
    try:
        return source.options.model_validate(dict(said))
    except ValidationError as error:
        raise WrongOptions(source.kind, faults_of(error, "it")) from None


def _told(source: Source) -> SourceKind:
    secrets = source.credentials
    return SourceKind(
        kind=source.kind,
        summary=source.summary,
        options=_fields(source.options),
        secrets=_fields(secrets) if secrets else (),
    )


def _fields(model: type[Options] | type[Credentials]) -> tuple[SourceOption, ...]:
    return tuple(_option(name, field) for name, field in model.model_fields.items())


def _option(name: str, field: FieldInfo) -> SourceOption:
    examples = field.examples or [None]
    return SourceOption(
        name=name,
        meaning=field.description or "",
        required=field.is_required(),
        example=None if examples[0] is None else str(examples[0]),
    )
