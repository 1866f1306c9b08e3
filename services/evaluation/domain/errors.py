"""Why evaluation cannot answer."""

from contracts.errors import Refusal


class UnknownExperiment(Refusal):
    """No experiment of this id ever started."""

    def __init__(self, experiment_id: str) -> None:
        super().__init__(
            f"There is no leaderboard of the experiment {experiment_id!r}.", "See what there is: trackside experiments."
        )
