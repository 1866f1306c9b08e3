"""What MLflow has of a race, held against what the stream tells."""

from collections.abc import Sequence

from mlflow import MlflowClient
from mlflow.entities import Run

from contracts.message import Event
from contracts.training import ExperimentStarted, FitCompleted, ModelVersionRecorded
from tests.builders.results import of


def assert_recorded(client: MlflowClient, story: Sequence[Event]) -> int:
    """Fail unless MLflow has one whole run for each candidate and one for the refit; return how many values it has."""
    [started] = of(ExperimentStarted, story)
    [refit] = of(ModelVersionRecorded, story)
    group = client.get_experiment_by_name(f"{started.plan.dataset}: {started.plan.target}")
    assert group is not None
    wanted = f"tags.`trackside.experiment_id` = '{started.experiment_id}'"
    runs = {run.info.run_id: run for run in client.search_runs([group.experiment_id], wanted)}
    assert {run.info.status for run in runs.values()} == {"FINISHED"}
    assert runs.pop(refit.run_id).info.run_name.endswith("(refit)")
    by_candidate = {run.data.tags["trackside.candidate"]: run for run in runs.values()}
    assert len(runs) == len(by_candidate) == len(started.plan.candidates)
    fits = of(FitCompleted, story)
    return sum(
        _assert_measured(client, run, [fit for fit in fits if fit.candidate == candidate])
        for candidate, run in by_candidate.items()
    )


def _assert_measured(client: MlflowClient, run: Run, fits: Sequence[FitCompleted]) -> int:
    values = 0
    for metric in fits[0].scores:
        told = {(fit.fold, fit.scores[metric]) for fit in fits if fit.scores[metric] is not None}
        kept = [(each.step, each.value) for each in client.get_metric_history(run.info.run_id, metric)]
        assert len(kept) == len(told)
        assert set(kept) == told
        values += len(kept)
    return values
