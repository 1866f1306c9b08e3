"""Options that several verbs share."""

from collections.abc import Callable
from typing import Annotated, Literal

import typer

from contracts import training
from contracts.training import ExperimentTemplate


def within(low: int, high: int) -> Callable[[int], int]:
    """Return what refuses a number outside ``low`` to ``high``, in words that name both."""

    def check(number: int) -> int:
        if not low <= number <= high:
            raise typer.BadParameter(f"{number} is out of range. Give a number from {low} to {high}.")
        return number

    return check


def _at_least(low: float) -> Callable[[float | None], float | None]:
    def check(number: float | None) -> float | None:
        if number is not None and number < low:
            raise typer.BadParameter(f"{number:g} is too little. Give {low:g} or more.")
        return number

    return check


def _a_share(number: float | None) -> float | None:
    if number is not None and not 0 < number < 0.5:
        raise typer.BadParameter(f"{number:g} is out of range. Give a share above 0 and below 0.5.")
    return number


Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Target = Annotated[
    str, typer.Option(help="Column to predict; none for clustering and anomaly_detection.", show_default=False)
]
Task = Annotated[
    Literal["auto", training.Task],
    typer.Option(help="What is asked of the rows; auto looks at the target's values."),
]
Groups = Annotated[
    str | None,
    typer.Option(help="Column, such as of patients, whose rows of one value are never on both sides of a fold."),
]
Time = Annotated[
    str | None, typer.Option(help="Time series: column that says when each row was; its only date if not given.")
]
Horizon = Annotated[
    int | None,
    typer.Option(callback=_at_least(1), help="Time series: steps ahead; 12, or what the rows allow, if not given."),
]
Season = Annotated[
    int | None,
    typer.Option(callback=_at_least(1), help="Time series: steps until it repeats, such as 12; else by its dates."),
]
Clusters = Annotated[
    int | None, typer.Option(callback=_at_least(2), help="Clustering: groups to look for; 4 if not given.")
]
Anomalies = Annotated[
    float | None,
    typer.Option(callback=_a_share, help="Anomaly detection: share of unusual rows; 0.05 if not given."),
]
Folds = Annotated[
    int, typer.Option(callback=within(2, 100), help="How many splits every candidate is scored on, 2 to 100.")
]
Candidates = Annotated[
    str | None,
    typer.Option(help="Which candidates race, such as lr,rf,acme.models:Booster; all that fit the task if not given."),
]
Engine = Annotated[Literal["pycaret", "sklearn"], typer.Option(help="Who builds the candidates.")]
Seed = Annotated[
    int,
    typer.Option(
        callback=within(0, 2**31 - 1), help="Seed of splits and candidates: the same seed gives the same board."
    ),
]
Metric = Annotated[
    str | None,
    typer.Option(help="Metric that ranks; if not given AUC for two classes, Accuracy for more, R2, and others."),
]
Budget = Annotated[
    int | None,
    typer.Option(callback=_at_least(2), help="Fits to make at most; they pay for whole folds of all candidates."),
]
Rule = Annotated[
    Literal["auto", "full", training.RetiringRule],
    typer.Option(
        help="When a candidate is retired early: once it is surely worse (strict), or surely not better by more than "
        "the margin (careful), or so by these rows alone (fast), or never (full). auto is careful where its error is "
        "known (classes or numbers, rows taken one by one, 10 folds or more), and else full."
    ),
]
Margin = Annotated[
    float | None,
    typer.Option(
        callback=_at_least(0),
        help="The difference that is the same for practice, in the metric's own scale; if not given 0.005 for shares "
        "and likelihoods, and 0.5 % of the leader's score for errors.",
    ),
]
FitSeconds = Annotated[
    float | None,
    typer.Option(callback=_at_least(0.1), help="Seconds after which a fit is ended, and failed; else no limit."),
]
FitMegabytes = Annotated[
    int | None,
    typer.Option(callback=_at_least(1), help="MB that a fit may take beyond what its process has; else no limit."),
]
UnderMs = Annotated[
    float | None,
    typer.Option(callback=_at_least(0.001), help="Milliseconds under which one row is answered; others are dimmed."),
]
UnderMb = Annotated[
    float | None,
    typer.Option(callback=_at_least(0.001), help="MB under which the pipeline is; others are dimmed."),
]
NoEnsembles = Annotated[bool, typer.Option("--no-ensembles", help="Dim forests, boosters and other ensembles.")]


def template(*, candidates: str | None, **given: object) -> ExperimentTemplate:
    """Return the experiment that the options of a verb describe."""
    names = None if candidates is None else [name.strip() for name in candidates.split(",") if name.strip()]
    return ExperimentTemplate.model_validate({"candidates": names, **given})


def names(listed: str) -> tuple[str, ...]:
    """Return the names in a list with commas."""
    return tuple(filter(None, (name.strip() for name in listed.split(","))))
