"""What a person at the page can have done: each action is a command on the bus, or a question to the serving API."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from pydantic import ValidationError

from contracts.errors import Unavailable
from contracts.grants import PREDICT, sending
from contracts.ingest import CancelIngestion, DatasetVersionRegistered, IngestionCancelled, RegisterDataset
from contracts.reports import ModelVersionReported, ReportModelVersion
from contracts.serving import DeploymentReady, DeployModelVersion
from contracts.sources import ListSources, ReadSource, SourceAsked
from contracts.training import (
    CancelExperiment,
    ExperimentCancelled,
    ExperimentStarted,
    ExperimentTemplate,
    StartExperiment,
)
from infra.bus import Bus, CommandRefused
from infra.clock import Clock
from infra.tokens import Caller, GrantMissing

Reply = dict[str, Any]

_A_DAY = 24 * 3600.0
"""Seconds; a source may be long."""


class Predicts(Protocol):
    """The serving API."""

    async def predict(self, path: str, row: Mapping[str, Any]) -> Reply:
        """Return the answer to one row; raise PredictionRefused if there is none."""


class DrawsReports(Protocol):
    """Reports to be looked at."""

    async def drawn(self, report: ModelVersionReported) -> str:
        """Return a page of HTML; raise ReportUnreadable if its tables are not as the fact says."""


class PredictionRefused(Exception):
    """The serving API gave no prediction."""

    def __init__(self, cause: str, cure: str) -> None:
        self.cause = cause
        self.cure = cure
        super().__init__(f"{cause} {cure}")


class ReportUnreadable(Exception):
    """The tables of a report are not as its fact says."""

    cure = "Restore them from a backup, or look for more damage: trackside doctor."

    def __init__(self, why: str) -> None:
        self.cause = f"The report's numbers cannot be read: {why}."
        super().__init__(self.cause)


NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "register": sending(RegisterDataset),
        "sources": sending(ReadSource),
        "read": sending(ReadSource),
        "stop": sending(CancelIngestion),
        "start": sending(StartExperiment),
        "cancel": sending(CancelExperiment),
        "deploy": sending(DeployModelVersion),
        "predict": PREDICT,
        "report": sending(ReportModelVersion),
    }
)
"""What a person must have been granted for each action."""


class SessionOver(Exception):
    """The log-in of whoever asks has ended."""

    cause = "Your session is over."
    cure = "Open the page by a new link: trackside page."


class Actions:
    """Does what a page asks for, and always answers: with a value, or with a cause and a cure."""

    def __init__(self, bus: Bus, serving: Predicts, reports: DrawsReports, clock: Clock) -> None:
        self._bus = bus
        self._serving = serving
        self._reports = reports
        self._clock = clock
        self._known: dict[str, Callable[..., Awaitable[Reply]]] = {
            "register": self._register,
            "sources": self._sources,
            "read": self._read,
            "stop": self._stop,
            "start": self._start,
            "cancel": self._cancel,
            "deploy": self._deploy,
            "predict": self._serving.predict,
            "report": self._report,
        }

    async def perform(self, action: str, arguments: Mapping[str, Any], person: Caller) -> Reply:
        """Do ``action`` for ``person``, if they may, and return its reply."""
        try:
            if action not in NEEDS:
                return {"cause": f"There is no action {action}.", "cure": "Load the page again."}
            self._check(person, NEEDS[action])
            return {"value": await self._known[action](**arguments)}
        except CommandRefused as error:
            return {"cause": error.refusal.cause, "cure": error.refusal.cure}
        except (SessionOver, GrantMissing, PredictionRefused, ReportUnreadable) as error:
            return {"cause": error.cause, "cure": error.cure}
        except ValidationError as error:
            return {"cause": _faults(error), "cure": "Correct it and try again."}
        except Unavailable as error:
            return {"cause": f"{error}.", "cure": "Wait a moment, then try again."}

    def _check(self, person: Caller, needed: str) -> None:
        if person.is_over(self._clock()):
            raise SessionOver
        person.need(needed)

    async def _register(self, name: str, upload: str, filename: str) -> Reply:
        command = RegisterDataset(ingestion_id=_new("ing"), name=name, upload=upload, filename=filename)
        return await self._ingested(command, 600)

    async def _sources(self) -> Reply:
        return (await self._bus.ask(ListSources())).model_dump(mode="json")

    async def _read(self, name: str, kind: str, options: dict[str, str], credentials: str | None) -> Reply:
        asked = SourceAsked(kind=kind, options=options, credentials=credentials)
        return await self._ingested(ReadSource(ingestion_id=_new("ing"), name=name, source=asked), _A_DAY)

    async def _ingested(self, command: RegisterDataset | ReadSource, seconds: float) -> Reply:
        fact = await self._bus.order(command, DatasetVersionRegistered, seconds=seconds)
        assert isinstance(fact, DatasetVersionRegistered)
        return fact.model_dump(mode="json", include={"name", "number", "rows", "listed", "unchanged"})

    async def _stop(self, ingestion: str) -> Reply:
        await self._bus.order(CancelIngestion(ingestion_id=ingestion), IngestionCancelled, seconds=30)
        return {}

    async def _start(self, dataset: str, template: dict[str, Any]) -> Reply:
        command = StartExperiment(
            experiment_id=_new("exp"), dataset=dataset, template=ExperimentTemplate.model_validate(template)
        )
        await self._bus.order(command, ExperimentStarted, seconds=60)
        return {"id": command.experiment_id}

    async def _cancel(self, experiment: str) -> Reply:
        await self._bus.order(CancelExperiment(experiment_id=experiment), ExperimentCancelled, seconds=60)
        return {}

    async def _deploy(self, name: str, model: str) -> Reply:
        command = DeployModelVersion(deployment_id=_new("dep"), name=name, model=model)
        await self._bus.order(command, DeploymentReady, seconds=180)
        return {"name": name}

    async def _report(self, model_version: str) -> Reply:
        command = ReportModelVersion(model_version_id=model_version)
        fact = await self._bus.order(command, ModelVersionReported, seconds=1800)
        assert isinstance(fact, ModelVersionReported)
        return {"html": await self._reports.drawn(fact)}


def _new(kind: str) -> str:
    return f"{kind}-{secrets.token_hex(6)}"


def _faults(error: ValidationError) -> str:
    fields = {".".join(map(str, fault["loc"])): fault["msg"] for fault in error.errors()}
    return "; ".join(f"{field}: {message}" for field, message in fields.items()) + "."
