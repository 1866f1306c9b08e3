"""Why a model version is not reported, or a prediction not explained: the class's name is the reason that travels."""

from contracts.errors import Refusal


class ModelVersionUnknown(Refusal):
    """No such model version was made here."""

    def __init__(self, model_version_id: str) -> None:
        super().__init__(
            f"There is no model version {model_version_id!r}.", "See what there is: trackside experiments."
        )


class FoldsUnknown(Refusal):
    """None of the candidate's folds was raced here."""

    def __init__(self, model_version_id: str, candidate: str) -> None:
        super().__init__(
            f"No fold of {candidate}, which {model_version_id} is a refit of, was raced here by this release.",
            "Race it here: start an experiment on the same dataset with this candidate, and report its model version.",
        )


class EvidenceMissing(Refusal):
    """The object store no longer has something that a report or an explanation rests on."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(
            f"{what} cannot be found: the object store has no {key}.",
            "Bring it back from a backup, or race once more for a model version that is whole.",
        )


class EvidenceDamaged(Refusal):
    """Something that a report or an explanation rests on is not what was stored."""

    def __init__(self, what: str, key: str, problem: str) -> None:
        super().__init__(
            f"{what} cannot be trusted: {key} is damaged ({problem}).",
            "Bring it back from a backup, or race once more for a model version that is whole.",
        )


class ReportFailed(Refusal):
    """Its tables could not be made."""

    def __init__(self, model_version_id: str, problem: str) -> None:
        super().__init__(
            f"The tables of {model_version_id} could not be made: {problem}.",
            "Ask again if the machine was short of memory; else report this as a fault of Trackside.",
        )


class PredictionUnknown(Refusal):
    """Nothing is kept of this prediction."""

    def __init__(self, prediction_id: str) -> None:
        super().__init__(
            f"Nothing is kept of a prediction {prediction_id!r}.",
            "Give the id that came with an answer of a deployment that keeps what it is asked.",
        )


class RowsUnfit(Refusal):
    """What is kept of a prediction is not rows of its model version."""

    def __init__(self, prediction_id: str, problem: str) -> None:
        super().__init__(
            f"What is kept of the prediction {prediction_id!r} does not fit its model version: {problem}.",
            "Ask the deployment once more, and have that answer explained.",
        )


class ExplanationFailed(Refusal):
    """The model version could not be asked what its answers rest on."""

    def __init__(self, prediction_id: str, problem: str) -> None:
        super().__init__(
            f"The prediction {prediction_id!r} could not be explained: {problem}.",
            "Ask again if the machine was short of memory; else report this as a fault of Trackside.",
        )
