"""The errors that every room may name.

TracksideError
├── MalformedMessage   bytes or version unknown: dead letter at once
├── Refusal            a rule says no: the handler states it as a fact
├── Unavailable        store, broker or worker away: retried with back-off
└── Misconfigured      settings cannot work: at start only, exit 78
"""


class TracksideError(Exception):
    """An error that Trackside names itself."""


class MalformedMessage(TracksideError):
    """Bytes that no contract describes."""

    def __init__(self, subject: str, problem: str) -> None:
        self.subject = subject
        self.problem = problem
        super().__init__(f"{subject}: {problem}")


class Refusal(TracksideError):
    """A rule says no: what is wrong, and what the asker can do about it.

    A subclass is named as the fact that it states; its name travels as the refusal's ``reason``.
    """

    def __init__(self, cause: str, cure: str) -> None:
        self.cause = cause
        self.cure = cure
        super().__init__(f"{cause} {cure}")

    @property
    def reason(self) -> str:
        """Return the refusal's name, such as ``TargetMissing``."""
        return type(self).__name__


class Unavailable(TracksideError):
    """Something outside is away, slow, or was written meanwhile; trying again may work."""


class Misconfigured(TracksideError):
    """Settings that cannot work, found at start."""
