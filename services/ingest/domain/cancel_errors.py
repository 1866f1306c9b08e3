"""Why an ingestion ended before its end, or why it cannot be cancelled."""

from contracts.errors import Refusal


class Cancelled(Refusal):
    """Somebody cancelled the ingestion."""

    def __init__(self) -> None:
        super().__init__("The ingestion was cancelled; nothing of it is registered.", "Begin it again if it is wanted.")


class AlreadyAnswered(Refusal):
    """The ingestion is over."""

    def __init__(self, ingestion_id: str) -> None:
        super().__init__(f"The ingestion {ingestion_id} was answered already.", "Nothing is left to cancel.")


class NothingInHand(Refusal):
    """No ingestion of this id is being read."""

    def __init__(self, ingestion_id: str) -> None:
        super().__init__(
            f"Nothing with the id {ingestion_id} is being read.",
            "Check the id; if it waits behind another ingestion, cancel it once it has begun.",
        )
