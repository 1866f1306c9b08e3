"""Runs and registered models in MLflow: the only code that knows its client.

Every call may be repeated: a run is found again by its key, a measurement has the time of its fact, a version is found
again by its run.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from requests import RequestException

from contracts.errors import Unavailable

_KEY = "trackside.run"
_MODEL = "model"
_TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = 500
_QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    # The bus tries again for as long as it takes; a client that tries too would only hide that from it.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}


class MlflowUnavailable(Unavailable):
    """MLflow's server does not answer, or failed."""


class MlflowTracking:
    """One MLflow server."""

    def __init__(self, url: str) -> None:
        self._url = url

    def open_run(self, group: str, key: str, name: str, started_at: datetime, tags: Mapping[str, str]) -> str:
        """Return the id of the run of this ``key``; it is begun if there is none.

        ``group`` is the name of MLflow's experiment.
        """
        with self._asking():
            experiment_id = self._experiment(group)
            runs = self._client.search_runs([experiment_id], f"tags.`{_KEY}` = '{key}'", max_results=1)
            if runs:
                return str(runs[0].info.run_id)
            all_tags = {**tags, _KEY: key}
            run = self._client.create_run(experiment_id, _milliseconds(started_at), tags=all_tags, run_name=name)
            return str(run.info.run_id)

    def describe(self, run_id: str, parameters: Mapping[str, str]) -> None:
        """Keep parameters of a run."""
        param = self._mlflow.entities.Param
        with self._asking():
            self._client.log_batch(run_id, params=[param(name, value) for name, value in parameters.items()])

    def measure(self, run_id: str, measurements: Sequence[tuple[str, float, int, datetime]]) -> None:
        """Keep measurements in a run: name, value, step and time of each."""
        metric = self._mlflow.entities.Metric
        metrics = [metric(name, value, _milliseconds(at), step) for name, value, step, at in measurements]
        with self._asking():
            self._client.log_batch(run_id, metrics=metrics)

    def tag(self, run_id: str, tags: Mapping[str, str]) -> None:
        """Keep tags on a run."""
        tag = self._mlflow.entities.RunTag
        with self._asking():
            self._client.log_batch(run_id, tags=[tag(name, value) for name, value in tags.items()])

    def end_run(self, run_id: str, status: str, at: datetime) -> None:
        """Say how a run ended: FINISHED, FAILED or KILLED."""
        with self._asking():
            self._client.set_terminated(run_id, status, _milliseconds(at))

    def store_model(self, run_id: str, folder: Path) -> None:
        """Keep a model folder with a run."""
        with self._asking():
            self._client.log_artifacts(run_id, str(folder), _MODEL)

    def register(self, name: str, run_id: str, tags: Mapping[str, str]) -> str:
        """Return the version under which the run's model is registered as ``name``; it is made if there is none."""
        with self._asking():
            known = self._client.search_model_versions(f"run_id='{run_id}'")
            if known:
                return str(known[0].version)
            if not self._client.search_registered_models(f"name='{name}'"):
                self._client.create_registered_model(name)
            source = f"{self._client.get_run(run_id).info.artifact_uri}/{_MODEL}"
            made = self._client.create_model_version(name, source, run_id, tags=dict(tags), await_creation_for=30)
            return str(made.version)

    @cached_property
    def _mlflow(self) -> Any:
        # Its import takes seconds and a hundred megabytes, which a process that never records need not pay; it reads
        # these variables while it is imported, and has no other place for them.
        os.environ.update(_QUIET)  # noqa: TID251
        return import_module("mlflow")

    @cached_property
    def _client(self) -> Any:
        return self._mlflow.MlflowClient(tracking_uri=self._url, registry_uri=self._url)

    def _experiment(self, name: str) -> str:
        found = self._client.get_experiment_by_name(name)
        if found is None:
            return str(self._client.create_experiment(name))
        if found.lifecycle_stage == "deleted":
            self._client.restore_experiment(found.experiment_id)
        return str(found.experiment_id)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except RequestException as error:
            raise MlflowUnavailable(f"MLflow at {self._url}: {error}") from error
        except self._mlflow.exceptions.MlflowException as error:
            status: int = error.get_http_status_code()
            if status < _SERVER_ERRORS and status != _TOO_MANY_REQUESTS:
                raise
            raise MlflowUnavailable(f"MLflow at {self._url}: {error.message}") from error


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
