"""Why a trigger command is not obeyed."""

from contracts.errors import Refusal


class UnknownTrigger(Refusal):
    """No trigger has this id."""

    def __init__(self, trigger_id: str) -> None:
        super().__init__(f"There is no trigger {trigger_id!r}.", "List the triggers to see which there are.")
