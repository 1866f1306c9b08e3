"""Why a model version is not deployed, or rows are not answered: the class's name is the reason that travels."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from contracts.errors import Refusal

_SHOWN = 20


class ModelVersionUnknown(Refusal):
    """No model version has this id, and no experiment with this id has made one."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"There is no model version {model}, nor has an experiment of this id made one.",
            "An experiment makes one when it is completed; while it runs, once it is cancelled, or when all its fits "
            "failed, it has none. See how far each came: trackside experiments",
        )


class ArtifactMissing(Refusal):
    """The object store does not have the model version's artifact."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The artifact {key} is not in the object store.",
            "Check that serving and training use the same object store, or train the model version again.",
        )


class ArtifactDamaged(Refusal):
    """The artifact's bytes are not those that training stored, so nothing in it was run."""

    def __init__(self, key: str, expected: str, found: str) -> None:
        super().__init__(
            f"The artifact {key} has SHA-256 {found}, but training stored {expected}.",
            "Somebody or something changed it: find out who, then train the model version again.",
        )


class ArtifactUnusable(Refusal):
    """The artifact is whole, but does not hold a model that loads here."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(
            f"The artifact {key} does not load: {problem}.",
            "It must be a zipped MLflow model of the sklearn flavor, made with the library versions of this platform.",
        )


class ExampleUnanswered(Refusal):
    """The model does not answer the row that it was stored with."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The model does not answer its own example row: {problem}",
            "Train the model version again, and report this.",
        )


class RowsUnanswered(Refusal):
    """The model fails on rows that look right."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The model cannot answer these rows: {problem}.", "Compare them with the rows it was trained on."
        )


class DeploymentUnknown(Refusal):
    """Nothing answers under this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = ", ".join(sorted(known))
        cure = (
            f"There are: {names}." if names else "Deploy a model version first: trackside deploy EXPERIMENT --name NAME"
        )
        super().__init__(f"There is no deployment {name[:63]!r}.", cure)


class DeploymentNotLoaded(Refusal):
    """A deployment that was there before a restart could not be loaded again."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"The deployment {name!r} could not be loaded again: {problem}", "Deploy it anew.")


class DeploymentLoading(Refusal):
    """After a restart, it is not known yet whether anything answers under this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"If there is a deployment {name[:63]!r}, it is being loaded again after a restart.",
            "Try again in a moment.",
        )


class BodyUnreadable(Refusal):
    """The request's body is not what this route takes."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The body is not understood: {problem}.", 'Send JSON: {"rows": [{"column": value, ...}, ...]}'
        )


class BodyTooLarge(Refusal):
    """The request's body is longer than is read."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The body is longer than {limit} bytes.", "Send fewer rows at a time, or raise SERVING_MAX_BODY_BYTES."
        )


class Busy(Refusal):
    """As many requests as may wait for this model wait already."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"{limit} requests wait for this model.", "Come again in a second, or raise SERVING_MAX_WAITING."
        )


@dataclass(frozen=True)
class Problem:
    """What is wrong with one value."""

    row: int
    """From 0."""
    column: str
    expected: str
    got: str


class RowsRefused(Refusal):
    """Rows that this model does not take: each fault names its row, its column, what was expected and what came."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(
            f"Row {first.row}, column {first.column!r}: expected {first.expected}, got {first.got}."
            + (f" There are {len(problems)} such faults." if len(problems) > 1 else ""),
            "Compare the rows with the deployment's schema.",
        )
        self.problems = [asdict(problem) for problem in problems[:_SHOWN]]
