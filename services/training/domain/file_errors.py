"""Why an experiment cannot be taken in from a file: the class's name is the reason that travels."""

from contracts.errors import Refusal

_AGAIN = "Copy it once more, or export the experiment again where it was raced: trackside export EXP."


class FileMissing(Refusal):
    """No bytes lie under the key of the command."""

    def __init__(self, upload: str) -> None:
        super().__init__(f"There is no upload {upload}.", "Upload the file under uploads/ first, then import it.")


class FileDamaged(Refusal):
    """The file is not what was exported."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The file of the experiment is damaged: {problem}.", _AGAIN)


class FileInconsistent(Refusal):
    """What the file says of its experiment cannot all be so."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The file is not of one whole experiment: {problem}.", _AGAIN)


class ExperimentKnown(Refusal):
    """Another experiment has this id here."""

    def __init__(self, experiment_id: str) -> None:
        super().__init__(
            f"There is another experiment {experiment_id!r} here, and what was said of it stays.",
            "Import the file into another platform, and compare the two: trackside compare.",
        )
