"""The fits of a plan, in the order in which they are made."""

from collections.abc import Iterable, Sequence

from contracts.ids import CandidateId, ExperimentId, FitId, derived
from contracts.plans import raced_folds
from contracts.training import PerformFit, Plan
from ml.engines.own import is_own

RECIPE = 1
"""Counts up when an engine's preprocessing or scoring changes, so that old fits are not taken for new ones."""


def places_of(plan: Plan) -> range:
    """Return the places of a plan's fits: fold by fold, so that candidates stay comparable."""
    return range(len(plan.candidates) * raced_folds(plan))


def fits_of(experiment_id: ExperimentId, plan: Plan, plan_digest: str, places: Iterable[int]) -> Sequence[PerformFit]:
    """Return the fits at some of the places of a plan."""
    count = len(plan.candidates)
    return [
        PerformFit(
            experiment_id=experiment_id,
            fit_id=fit_id(experiment_id, plan, plan.candidates[place % count].id, place // count),
            plan_digest=plan_digest,
            candidate=plan.candidates[place % count].id,
            fold=place // count,
        )
        for place in places
    ]


def fit_id(experiment_id: ExperimentId, plan: Plan, candidate: CandidateId, fold: int) -> FitId:
    """Return the identity of a fit: the same data, split, preprocessing, candidate and fold share it.

    Not so the fits of a person's own class, whose code may be another one in the next experiment.
    """
    features = (feature.name for feature in plan.features)
    groups = () if plan.groups is None else (plan.groups,)
    split = (plan.dataset_version, plan.target, plan.task, plan.folds, plan.seed, *groups)
    own = (experiment_id,) if is_own(candidate) else ()
    return FitId(f"fit-{derived(*split, RECIPE, plan.engine, *features, *_further(plan), candidate, fold, *own)}")


def ids_from(experiment_id: ExperimentId, plan: Plan, candidate: CandidateId, fold: int) -> Sequence[FitId]:
    """Return the identities of a candidate's fits from ``fold`` on, up to the last that is raced."""
    return [fit_id(experiment_id, plan, candidate, each) for each in range(fold, raced_folds(plan))]


def _further(plan: Plan) -> list[str]:
    """Return what only some tasks are asked; nothing for the others, so that their fits keep their identity."""
    asked = (plan.clusters, plan.anomalies, plan.forecast and plan.forecast.model_dump_json())
    return [str(value) for value in asked if value is not None]
