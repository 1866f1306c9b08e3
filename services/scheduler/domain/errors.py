"""Why a trigger or schedule command is not obeyed."""

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


class NotACronExpression(Refusal):
    """The fields that say when name nothing."""

    def __init__(self, text: str, problem: str) -> None:
        super().__init__(
            f"{text!r} does not say when: {problem}.",
            "Give minute, hour, day of the month, month and day of the week: '0 3 * * *' is 03:00 every day.",
        )


class UnknownZone(Refusal):
    """No time zone has this name."""

    def __init__(self, zone: str) -> None:
        super().__init__(
            f"There is no time zone {zone!r}.", "Give a name of the IANA database, such as 'Europe/Paris' or 'UTC'."
        )


class NeverDue(Refusal):
    """The schedule would have no slot."""

    def __init__(self, cron: str, zone: str, until: str | None) -> None:
        within = f" until {until}" if until else " in the next 40 years"
        super().__init__(f"{cron!r} in {zone} is never due{within}.", "Choose other times, or a later end.")


class UnknownSchedule(Refusal):
    """No schedule has this id."""

    def __init__(self, schedule_id: str) -> None:
        super().__init__(f"There is no schedule {schedule_id!r}.", "List the schedules to see which there are.")
