"""Why an experiment cannot start or be cancelled: the class's name is the reason that travels."""

from collections.abc import Iterable
from difflib import get_close_matches

from contracts.errors import Refusal


class UnknownDataset(Refusal):
    """No version of this dataset was ever registered."""

    def __init__(self, dataset: str, known: Iterable[str]) -> None:
        names = tuple(known)
        cure = (
            f"Registered are: {_listed(names)}." if names else "Register one first: trackside ingest SOURCE --name N."
        )
        super().__init__(f"There is no dataset {dataset!r}.{_meant(dataset, names)}", cure)


class UnknownDatasetVersion(Refusal):
    """The dataset has no such version."""

    def __init__(self, dataset: str, version: str, known: Iterable[str]) -> None:
        super().__init__(
            f"The dataset {dataset!r} has no version {version!r}.",
            f"Leave the version out to take the latest, or choose one of: {_listed(known)}.",
        )


class TargetMissing(Refusal):
    """The dataset version has no such column."""

    def __init__(self, target: str, columns: Iterable[str]) -> None:
        names = tuple(columns)
        super().__init__(
            f"There is no column {target!r} to predict.{_meant(target, names)}",
            f"Choose one of the columns: {_listed(names)}.",
        )


class TargetAllMissing(Refusal):
    """No row says what the target is."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"The target {target!r} is empty in every row.",
            "Choose another target, or register data in which it is filled.",
        )


class TargetHasOneClass(Refusal):
    """The target is the same in every row, so there is nothing to learn."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"The target {target!r} has the same value in every row, so there is nothing to tell apart.",
            "Choose another target, or register rows with at least two values.",
        )


class TaskUnsuitable(Refusal):
    """The task does not fit the target's type."""

    def __init__(self, task: str, target: str, kind: str) -> None:
        cure = "Choose a target of numbers." if kind in {"date", "timestamp"} else "Ask for classification instead."
        asker = "Neither task can" if task == "auto" else f"A {task} cannot"
        super().__init__(f"{asker} predict {target!r}: its values are of type {kind}.", cure)


class TooManyClasses(Refusal):
    """The target has too many values to be told apart."""

    def __init__(self, target: str, classes: int, rows: int, *, guessed: bool) -> None:
        also = "; if a classification is what you want, ask for it" if guessed else ""
        super().__init__(
            f"The target {target!r} has {classes} different values in {rows} rows: too many to tell apart.",
            f"Choose a target with fewer values{also}.",
        )


class TooFewRows(Refusal):
    """There are too few rows to race on."""

    def __init__(self, rows: int, needed: int) -> None:
        super().__init__(
            f"Only {rows} {'row has' if rows == 1 else 'rows have'} a known target; a race needs at least {needed}.",
            "Register more rows.",
        )


class FoldsExceedRows(Refusal):
    """There are more folds than rows."""

    def __init__(self, folds: int, rows: int) -> None:
        super().__init__(f"{rows} rows cannot be split into {folds} folds.", f"Ask for at most {rows} folds.")


class FoldsExceedClass(Refusal):
    """There are more folds than rows of the rarest class."""

    def __init__(self, folds: int, target: str, rarest: int, *, numbers: bool) -> None:
        has = "1 row" if rarest == 1 else f"{rarest} rows"
        fewer = f"Ask for at most {rarest} folds, register" if rarest > 1 else "Register"
        also = ", or ask for regression" if numbers else ""
        super().__init__(
            f"The rarest class of {target!r} has {has}, and each of {folds} folds needs one of every class.",
            f"{fewer} more rows of that class, or leave it out{also}.",
        )


class NoFeatures(Refusal):
    """Nothing is left to predict from."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"There is nothing to predict {target!r} from: every other column is empty or holds one value only.",
            "Register data with at least one more column that varies.",
        )


class NoCandidates(Refusal):
    """The list of candidates is empty."""

    def __init__(self, offered: Iterable[str]) -> None:
        super().__init__(
            "No candidate was named.", f"Leave the list out to race all, or name some of: {_listed(offered)}."
        )


class UnknownCandidate(Refusal):
    """The engine has no such candidate for this task."""

    def __init__(self, candidate: str, engine: str, task: str, offered: Iterable[str]) -> None:
        names = tuple(offered)
        super().__init__(
            f"The engine {engine!r} has no candidate {candidate!r} for {task}.{_meant(candidate, names)}",
            f"Choose from: {_listed(names)}.",
        )


class UnknownMetric(Refusal):
    """The task has no such metric."""

    def __init__(self, metric: str, task: str, offered: Iterable[str]) -> None:
        names = tuple(offered)
        super().__init__(
            f"There is no metric {metric!r} for {task}.{_meant(metric, names)}", f"Choose from: {_listed(names)}."
        )


class UnknownExperiment(Refusal):
    """No experiment has this id."""

    def __init__(self, experiment_id: str) -> None:
        super().__init__(f"There is no experiment {experiment_id!r}.", "See what there is: trackside experiments.")


class ExperimentEnded(Refusal):
    """The experiment has nothing left to cancel."""

    def __init__(self, experiment_id: str, status: str) -> None:
        how = "was cancelled before" if status == "cancelled" else f"has {status}"
        super().__init__(f"The experiment {experiment_id!r} {how}.", "There is nothing to cancel.")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _meant(name: str, names: tuple[str, ...]) -> str:
    lowered = {known.lower(): known for known in names}
    close = get_close_matches(name.lower(), lowered, n=1)
    return f" Did you mean {lowered[close[0]]!r}?" if close else ""
