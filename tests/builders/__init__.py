"""Messages with sensible defaults: a test names only what it is about."""

from tests.builders.messages import (
    a_candidate_retired,
    a_column,
    a_dataset_version,
    a_fit_completed,
    a_fit_failed,
    a_model_version_created,
    a_plan,
    a_start_experiment,
    a_template,
    an_experiment_cancelled,
    an_experiment_completed,
    an_experiment_started,
)

__all__ = [
    "a_candidate_retired",
    "a_column",
    "a_dataset_version",
    "a_fit_completed",
    "a_fit_failed",
    "a_model_version_created",
    "a_plan",
    "a_start_experiment",
    "a_template",
    "an_experiment_cancelled",
    "an_experiment_completed",
    "an_experiment_started",
]
