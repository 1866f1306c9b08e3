"""Why an experiment cannot start or be cancelled: the class's name is the reason that travels."""

from collections.abc import Iterable
from datetime import datetime
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


class DatasetVersionGone(Refusal):
    """The dataset version was removed for good."""

    def __init__(self, dataset: str, number: int, at: datetime, left: Iterable[str]) -> None:
        versions = tuple(left)
        cure = (
            f"Leave the version out to take the latest, or choose one of: {_listed(versions)}."
            if versions
            else "Register the rows again: trackside ingest SOURCE --name N."
        )
        last = "" if versions else ", and no other is left"
        super().__init__(f"Version {number} of the dataset {dataset!r} was removed on {at:%Y-%m-%d}{last}.", cure)


class TargetMissing(Refusal):
    """The dataset version has no such column."""

    def __init__(self, target: str, columns: Iterable[str]) -> None:
        names = tuple(columns)
        super().__init__(
            f"There is no column {target!r} to predict.{_meant(target, names)}",
            f"Choose one of the columns: {_listed(names)}.",
        )


class TargetNotNamed(Refusal):
    """The task needs a target, and none was named."""

    def __init__(self, task: str, columns: Iterable[str]) -> None:
        also = " Without a target ask for clustering or anomaly_detection." if task == "auto" else ""
        asker = "It was not said what to predict." if task == "auto" else f"{_spoken(task)} needs a target."
        super().__init__(asker, f"Name one of the columns: {_listed(columns)}.{also}")


class TargetUnused(Refusal):
    """The task predicts nothing, and a target was named."""

    def __init__(self, task: str, target: str) -> None:
        super().__init__(
            f"{_spoken(task)} has no target, but {target!r} was named.",
            "Leave the target out; to predict it, ask for classification, regression or time_series.",
        )


class SettingUnused(Refusal):
    """Something was asked for that belongs to another task."""

    def __init__(self, setting: str, task: str, belongs_to: str) -> None:
        super().__init__(f"{_spoken(task)} takes no {setting}.", f"Leave it out, or ask for the task {belongs_to}.")


class TargetNotNumeric(Refusal):
    """A series of what is no number cannot be foretold."""

    def __init__(self, target: str, kind: str) -> None:
        super().__init__(
            f"A time series is one of numbers, and the values of {target!r} are of type {kind}.",
            "Choose a target of numbers.",
        )


class TimeNotFound(Refusal):
    """The dataset version has no such column of moments."""

    def __init__(self, time: str, columns: Iterable[str]) -> None:
        names = tuple(columns)
        super().__init__(
            f"There is no column {time!r} that could say when each row was.{_meant(time, names)}",
            f"Choose one of the columns: {_listed(names)}.",
        )


class TimeUnclear(Refusal):
    """It was not said which column holds the moments, and none or several could."""

    def __init__(self, suitable: Iterable[str]) -> None:
        names = tuple(suitable)
        cause = f"Several columns hold moments: {_listed(names)}." if names else "No column holds dates or timestamps."
        super().__init__(cause, "Name the one that says when each row was; whole numbers such as years will do.")


class TimeUnsuitable(Refusal):
    """The column named for the moments holds none."""

    def __init__(self, time: str, kind: str) -> None:
        super().__init__(
            f"The column {time!r} cannot say when each row was: its values are of type {kind}.",
            "Choose a column of dates, timestamps or whole numbers.",
        )


class MomentsMissing(Refusal):
    """Some rows do not say when they were."""

    def __init__(self, time: str, missing: int) -> None:
        rows = "1 row does" if missing == 1 else f"{missing} rows do"
        super().__init__(
            f"{rows} not say when it was: {time!r} is empty there.", "Fill it in, or leave these rows out."
        )


class MomentsRepeated(Refusal):
    """Several rows share a moment, so they are no single series."""

    def __init__(self, time: str, rows: int, moments: int) -> None:
        super().__init__(
            f"{rows} rows share {moments} different moments in {time!r}; a time series has one row for each.",
            "Add them up by moment, or register the rows of one series only.",
        )


class SeriesTooShort(Refusal):
    """The folds would leave nothing to learn from."""

    def __init__(self, rows: int, folds: int, horizon: int, before: int) -> None:
        fits = max((rows - before) // horizon, 0)
        cure = f"Ask for at most {fits} folds" if fits > 1 else "Ask for a shorter horizon"
        super().__init__(
            f"{folds} folds of {horizon} steps need {folds * horizon} rows and {before} before them: there are {rows}.",
            f"{cure}, or register more rows.",
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
        asker = "Neither task can" if task == "auto" else f"{_spoken(task)} cannot"
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


class GroupsNotFound(Refusal):
    """The dataset version has no such column of groups."""

    def __init__(self, groups: str, columns: Iterable[str]) -> None:
        names = tuple(columns)
        super().__init__(
            f"There is no column {groups!r} that could say which rows belong together.{_meant(groups, names)}",
            f"Choose one of the columns: {_listed(names)}.",
        )


class GroupsAreTarget(Refusal):
    """The column of groups is the target itself."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"{target!r} is the target, so it cannot say as well which rows belong together.",
            "Name the column of what the rows were taken from, such as a patient or a device.",
        )


class GroupsMissing(Refusal):
    """Some rows do not say to which group they belong."""

    def __init__(self, groups: str, missing: int) -> None:
        rows = "1 row does" if missing == 1 else f"{missing} rows do"
        super().__init__(
            f"{rows} not say what group is meant: {groups!r} is empty there.",
            "Fill it in, each with a value of its own if nothing is known, or leave these rows out.",
        )


class FoldsExceedGroups(Refusal):
    """There are more folds than groups."""

    def __init__(self, folds: int, groups: str, count: int) -> None:
        has = "only one value" if count == 1 else f"only {count} values"
        fewer = f"Ask for at most {count} folds, or name" if count > 1 else "Name"
        super().__init__(
            f"Each of {folds} folds needs a group of its own, and {groups!r} has {has}.",
            f"{fewer} a column with more values.",
        )


class NoFeatures(Refusal):
    """Nothing is left to predict from."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"There is nothing to {f'predict {target!r}' if target else 'learn'} from: "
            f"every {'other ' if target else ''}column is empty or holds one value only.",
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
            f"Choose from: {_listed(names)}; or name a class of your own, such as acme.models:Booster.",
        )


class OwnEstimatorUnsuitable(Refusal):
    """An estimator of one's own can predict classes and numbers only."""

    def __init__(self, path: str, task: str) -> None:
        super().__init__(
            f"{path!r} cannot race in {task}: a class of your own races in classification and regression only.",
            "Leave it out, or ask for one of these tasks.",
        )


class MalformedImportPath(Refusal):
    """A candidate with a colon is no import path of a class."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path!r} is no import path of an estimator of your own.",
            "Write the module, a colon and the class, such as acme.models:Booster.",
        )


class BudgetTooSmall(Refusal):
    """The fits do not pay for two folds, without which no score has a spread."""

    def __init__(self, budget: int, candidates: int) -> None:
        fewer = "1" if budget < 4 else f"at most {budget // 2}"
        super().__init__(
            f"{budget} fits do not pay for two folds of {candidates} candidates.",
            f"Give at least {2 * candidates}, or name {fewer} of them.",
        )


class RuleNeedsRows(Refusal):
    """A rule retires candidates by their rows, and the task has a metric of whole folds only."""

    def __init__(self, rule: str, task: str) -> None:
        super().__init__(
            f"{_spoken(task)} cannot retire candidates by the rule {rule}: its metric judges whole folds, not rows.",
            "Ask for the rule full, by which all candidates race all folds.",
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


def _spoken(task: str) -> str:
    return f"{'An' if task.startswith('a') else 'A'} {task.replace('_', ' ')}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _meant(name: str, names: tuple[str, ...]) -> str:
    lowered = {known.lower(): known for known in names}
    close = get_close_matches(name.lower(), lowered, n=1)
    return f" Did you mean {lowered[close[0]]!r}?" if close else ""
