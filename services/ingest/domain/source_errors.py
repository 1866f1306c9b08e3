"""Why a source cannot be read: each with its cause, and what the person can do."""

from collections.abc import Iterable

from contracts.errors import Refusal


class UnknownSourceKind(Refusal):
    """No connector reads this kind of source."""

    def __init__(self, kind: str, known: Iterable[str]) -> None:
        super().__init__(
            f"There is no source of the kind {kind}.", f"Use one of {', '.join(known)}, or install its connector."
        )


class WrongOptions(Refusal):
    """The options do not say what the kind of source wants to know."""

    def __init__(self, kind: str, faults: Iterable[str]) -> None:
        super().__init__(
            f"A source of the kind {kind} cannot be read like this: {'; '.join(faults)}.",
            f"trackside sources {kind} says what it wants to know.",
        )


class UnknownCredentials(Refusal):
    """Ingest keeps no credentials under this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There are no credentials called {name}.",
            f"Store them where ingest finds them: trackside credentials set {name} --kind KIND.",
        )


class WrongCredentials(Refusal):
    """The credentials are there, and not what this kind of source needs."""

    def __init__(self, name: str, kind: str, faults: Iterable[str]) -> None:
        super().__init__(
            f"The credentials {name} do not fit a source of the kind {kind}: {'; '.join(faults)}.",
            f"trackside sources {kind} says what they hold; store them again: trackside credentials set {name}.",
        )


class NoCredentialsTaken(Refusal):
    """This kind of source proves itself by nothing."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"A source of the kind {kind} takes no credentials.", "Leave them out.")


class NothingThere(Refusal):
    """The place is there and holds nothing that can be read."""

    def __init__(self, where: str, cure: str) -> None:
        super().__init__(f"There is nothing to read at {where}.", cure)


class SourceAway(Refusal):
    """The place does not answer, or not as it should, or changed while it was read."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"{where} cannot be read now: {why.rstrip('.')}.",
            "Read it again once it answers; a schedule does so at its next slot.",
        )


class MiscountedRows(Refusal):
    """The source counts other rows than it gave."""

    def __init__(self, where: str, counted: int, rows: int) -> None:
        super().__init__(
            f"{where} gave {rows} rows and counts {counted}: it may have changed while it was read.",
            "Read it again, from a snapshot or at a time when nothing writes to it.",
        )
