"""Why a fit or a refit gave nothing."""

from contracts.errors import TracksideError


class WorkImpossible(TracksideError):
    """It was tried and cannot be done; trying again would end the same way."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        """The error's name, such as ``CandidateFailed``, ``OutOfMemory`` or ``WorkerDied``."""
        self.detail = detail
        """Its words."""
        super().__init__(f"{reason}: {detail}")


class Unwanted(TracksideError):
    """The experiment was cancelled, or the candidate retired: nobody wants this any more."""
