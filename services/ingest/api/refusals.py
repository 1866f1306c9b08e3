"""Why a request to the event ingress is not obeyed: each with its cause, and what the sender can do."""

import math
from collections.abc import Iterable

from contracts.errors import Refusal


class EventMalformed(Refusal):
    """It is no CloudEvent, or its data is not what its type's contract says."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The event does not meet its contract: {problem}.",
            "Each command's fields stand in /openapi.json, and what an event is in /docs.",
        )


class CommandUnknown(Refusal):
    """Its type is no command that may come from outside."""

    def __init__(self, stated: str, commands: Iterable[str]) -> None:
        super().__init__(
            f"{stated[:128]!r} is no command that may come from outside.",
            f"Say one of these in the event's type: {', '.join(commands)}.",
        )


class MediaTypeRefused(Refusal):
    """What came is of a kind that is not read here."""

    def __init__(self, stated: str, cure: str) -> None:
        super().__init__(f"The Content-Type {stated[:128]!r} is not read here.", cure)


class ParameterRefused(Refusal):
    """A parameter of the address is missing, or not what it should be."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"The parameter {name} is not {expected}.", f"Say {name} as {expected}, or see /docs.")


class TooLarge(Refusal):
    """What came is larger than what is taken."""

    def __init__(self, what: str, limit: int, setting: str) -> None:
        super().__init__(
            f"The {what} is larger than {limit} bytes.",
            f"Send less, or have the operator raise {setting}, which is {limit}.",
        )


class BodyStalled(Refusal):
    """The sender fell silent in the middle."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Nothing more came for {seconds:g} s.", "Send it again.")


class TooFast(Refusal):
    """One client came more often than it may."""

    def __init__(self, client: str, rate: float, retry_after: float) -> None:
        self.retry_after = max(1, math.ceil(retry_after))
        super().__init__(
            f"{client} came more often than {rate:g} times a second.",
            f"Come again in {self.retry_after} s, or have the operator raise INGEST_HTTP_RATE, which is {rate:g}.",
        )


class TooManyAtOnce(Refusal):
    """One client has too many requests open that take their time."""

    def __init__(self, client: str, most: int, setting: str) -> None:
        self.retry_after = 1
        super().__init__(
            f"{client} has {most} such requests open already.",
            f"Wait until one is answered, or have the operator raise {setting}, which is {most}.",
        )


class StorageFull(Refusal):
    """There is no room for what is sent."""

    def __init__(self) -> None:
        super().__init__("There is no room left to store the upload.", "Have the operator make room, then send again.")


class PassRefused(Refusal):
    """What is to prove that an LFS client may do this does not."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The pass that came with the request does not open this: {problem}.", "Ask for a batch anew.")


class LfsMalformed(Refusal):
    """A request is not what the Git LFS API says."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The request is not as Git LFS has it: {problem}.", "Use git-lfs, or see its batch API.")


class LfsObjectAbsent(Refusal):
    """The LFS object is not here."""

    def __init__(self, oid: str) -> None:
        super().__init__(f"There is no object {oid}.", "Push it: git lfs push --all REMOTE.")


class LfsObjectUnlike(Refusal):
    """Other bytes came than were announced; none of them is kept."""

    def __init__(self, oid: str, problem: str) -> None:
        super().__init__(
            f"What came is not the object {oid}: {problem}.", "Check it with git lfs fsck, and push again."
        )


class RangeRefused(Refusal):
    """There is no such part of the object."""

    def __init__(self, stated: str, size: int) -> None:
        super().__init__(
            f"The Range {stated[:64]!r} is no part of {size} bytes.", "Say bytes=FIRST- or bytes=FIRST-LAST, from 0 on."
        )
