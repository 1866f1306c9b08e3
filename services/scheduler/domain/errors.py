"""Why a trigger command is not obeyed."""

from contracts.errors import Refusal


class TriggerAlreadySet(Refusal):
    """Another trigger does the very same."""

    def __init__(self, trigger_id: str, dataset: str) -> None:
        super().__init__(
            f"The trigger {trigger_id!r} starts this experiment already, for each new version of {dataset!r}.",
            "Change what it should start, or remove that trigger first.",
        )


class UnknownTrigger(Refusal):
    """No trigger has this id."""

    def __init__(self, trigger_id: str) -> None:
        super().__init__(f"There is no trigger {trigger_id!r}.", "List the triggers to see which there are.")
