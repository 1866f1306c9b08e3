"""The program that makes the folds of a candidate once more, for its artifact."""

from collections.abc import Mapping

from contracts.training import Plan
from ml.engines.own import is_own
from ml.engines.pipeline import FittedPipeline
from ml.engines.port import Fitted
from ml.script import Reproduced, script_of


def scripts_of(plan: Plan, candidate: str, fitted: Fitted) -> Mapping[str, str]:
    """Return the files of the program, by name; none if the task has no such program, or for a class of one's own."""
    if not plan.target or is_own(candidate) or not isinstance(fitted, FittedPipeline):
        return {}
    title = next(known.name for known in plan.candidates if known.id == candidate)
    return script_of(
        Reproduced(
            dataset=plan.dataset,
            target=plan.target,
            task=plan.task,
            engine=plan.engine,
            candidate=candidate,
            title=title,
            folds=plan.folds,
            seed=plan.seed,
            groups=plan.groups,
            intake=fitted.intake,
            estimator=fitted.estimator,
        )
    )
