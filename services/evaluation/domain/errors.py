"""Why evaluation cannot answer: the class's name is the reason that travels."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from contracts.errors import Refusal
from ml.comparisons import ComparisonRefused


class UnknownExperiment(Refusal):
    """No experiment of this id ever started."""

    def __init__(self, experiment_id: str) -> None:
        super().__init__(
            f"There is no leaderboard of the experiment {experiment_id!r}.", "See what there is: trackside experiments."
        )


class RaceNotOver(Refusal):
    """Fits are still owed, and what they say may turn a comparison round."""

    def __init__(self, experiment_id: str) -> None:
        super().__init__(
            f"The race {experiment_id!r} is not over.", f"Wait for it: trackside leaderboard {experiment_id} --watch"
        )


class QuestionsDiffer(Refusal):
    """Two experiments asked for different things, or scored them by different metrics."""

    def __init__(self, first: str, asked_first: str, second: str, asked_second: str) -> None:
        super().__init__(
            f"{first!r} is {asked_first}, and {second!r} is {asked_second}: neither says anything of the other.",
            "Race both with the same task, ranked by the same metric.",
        )


class UnknownCandidate(Refusal):
    """Nobody of this name raced there."""

    def __init__(self, candidate: str, known: Iterable[str]) -> None:
        names = tuple(known)
        meant = get_close_matches(candidate, names, n=1)
        also = f" Did you mean {meant[0]!r}?" if meant else ""
        super().__init__(f"No candidate {candidate!r} raced there.{also}", f"Those who did: {', '.join(names)}.")


class NeverScored(Refusal):
    """A candidate has no score in an experiment, so there is nothing to compare."""

    def __init__(self, candidate: str, experiment_id: str) -> None:
        super().__init__(
            f"The candidate {candidate!r} has no score in {experiment_id!r}.",
            f"Leave it out; why it has none is said by: trackside leaderboard {experiment_id}",
        )


class NobodyWhole(Refusal):
    """Nobody was named, and fewer than two candidates have a score on every fold."""

    def __init__(self, whole: Sequence[str]) -> None:
        who = f"Only {whole[0]!r} has" if whole else "No candidate has"
        super().__init__(
            f"{who} a score on every fold, on each dataset: others were retired, or lost a fold.",
            "Name whom to compare: what two have in common is enough, from three folds on.",
        )


class FoldsNotShared(Refusal):
    """Two candidates have too few folds in common on which both have a score."""

    def __init__(self, first: str, second: str, shared: int, needed: int) -> None:
        folds = "1 fold" if shared == 1 else f"{shared} folds"
        super().__init__(
            f"{first!r} and {second!r} have {folds} in common with a score of both, and a comparison needs {needed}.",
            "Leave out who was retired or failed, or race all folds: trackside train ... --rule full",
        )


class UnknownTest(Refusal):
    """No test has this name."""

    def __init__(self, test: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no test {test!r}.", f"Name none to get the one that suits, or: {', '.join(known)}.")


class NotComparable(Refusal):
    """The mathematics refuses; the reason that travels is its own name for it, such as ``SplitsDiffer``."""

    def __init__(self, refused: ComparisonRefused) -> None:
        self.refused = refused
        super().__init__(refused.cause, refused.cure)

    @property
    def reason(self) -> str:
        """Return the mathematics' name for it."""
        return type(self.refused).__name__
