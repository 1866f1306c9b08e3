"""What a person at the page can have done."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.grants import granted_to
from contracts.ids import ExperimentId, IngestionId
from contracts.ingest import CancelIngestion, DatasetRejected, IngestionCancelled, RegisterDataset
from contracts.message import Command, Event
from contracts.reports import ModelVersionReported, ReportModelVersion
from contracts.serving import DeployModelVersion
from contracts.sources import CredentialsKept, ListSources, ReadSource, SourceKinds
from contracts.training import CancelExperiment, StartExperiment
from infra.tokens import Caller
from tests.builders import a_dataset_version, an_experiment_cancelled, an_experiment_started
from tests.builders.bus import MemoryBus
from tests.builders.reports import a_report
from ui.web.actions import NEEDS, Actions, PredictionRefused, ReportUnreadable

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def person(*roles: str, session: timedelta = timedelta(hours=1)) -> Caller:
    return Caller("ann", granted_to(roles, ()), int((NOW + session).timestamp()), frozenset(roles))


EDITOR = person("editor")


async def act(bus: MemoryBus, action: str, arguments: Mapping[str, Any], asking: Caller = EDITOR) -> dict[str, Any]:
    return await Actions(bus, Serving(), Reports(), lambda: NOW).perform(action, arguments, asking)


class Serving:
    """A serving API that knows one row."""

    async def predict(self, path: str, row: Mapping[str, Any]) -> dict[str, Any]:
        if "island" not in row:
            raise PredictionRefused("The column island is missing.", "Name every column.")
        return {"answer": {"path": path, "predictions": ["Adelie"]}}


class Reports:
    """Reports, of which one has lost its tables."""

    async def drawn(self, report: ModelVersionReported) -> str:
        if report.model_version_id == "mv-gone":
            raise ReportUnreadable("no object reports/roc.parquet")
        return f"<html>{report.model_version_id}</html>"


def obeying(command: Command) -> Event | None:
    match command:
        case RegisterDataset(name="empty"):
            return DatasetRejected(
                ingestion_id=IngestionId(command.ingestion_id),
                name="empty",
                reason="NoRows",
                cause="It has no rows.",
                cure="Add some.",
            )
        case RegisterDataset() | ReadSource():
            return a_dataset_version(ingestion_id=command.ingestion_id, name=command.name)
        case StartExperiment():
            return an_experiment_started(experiment_id=ExperimentId(command.experiment_id))
        case CancelExperiment():
            return an_experiment_cancelled(experiment_id=ExperimentId(command.experiment_id))
        case ReportModelVersion():
            return a_report({}, model_version_id=command.model_version_id)
    return None


async def test_an_uploaded_file_becomes_a_dataset() -> None:
    bus = MemoryBus(obeying)
    file = {"name": "penguins", "upload": "uploads/1", "filename": "p.csv"}
    reply = await act(bus, "register", file)
    assert reply["value"]["name"] == "penguins"
    (command,) = bus.ordered
    assert isinstance(command, RegisterDataset)
    assert (command.upload, command.filename) == ("uploads/1", "p.csv")


async def test_a_source_is_read_by_its_options_and_the_name_of_its_credentials() -> None:
    bus = MemoryBus(obeying)
    asked = {"kind": "s3", "options": {"url": "s3://lake/"}, "credentials": "lake"}
    reply = await act(bus, "read", {"name": "penguins", **asked})
    assert reply["value"]["name"] == "penguins"
    (command,) = bus.ordered
    assert isinstance(command, ReadSource)
    assert command.source.model_dump() == asked


async def test_the_kinds_of_source_and_the_names_of_credentials_are_told() -> None:
    bus = MemoryBus(obeying)
    bus.known = {ListSources: SourceKinds(kinds=(), credentials=(CredentialsKept(name="lake"),))}
    assert (await act(bus, "sources", {}))["value"] == {"kinds": [], "credentials": [{"name": "lake", "kind": None}]}


async def test_what_is_in_hand_is_cancelled() -> None:
    said = IngestionCancelled(ingestion_id=IngestionId("ing-1"), cancelled_at=NOW)
    bus = MemoryBus(lambda _: said)
    assert await act(bus, "stop", {"ingestion": "ing-1"}) == {"value": {}}
    assert bus.ordered == [CancelIngestion(ingestion_id="ing-1")]


async def test_a_refusal_comes_back_with_cause_and_cure() -> None:
    file = {"name": "empty", "upload": "uploads/1", "filename": "e.csv"}
    reply = await act(MemoryBus(obeying), "register", file)
    assert reply == {"cause": "It has no rows.", "cure": "Add some."}


async def test_a_race_starts_under_an_id_that_the_page_can_follow() -> None:
    bus = MemoryBus(obeying)
    template = {"target": "species", "task": "auto", "folds": 5, "engine": "sklearn", "candidates": ["tree"]}
    reply = await act(bus, "start", {"dataset": "penguins", "template": template}, EDITOR)
    (command,) = bus.ordered
    assert isinstance(command, StartExperiment)
    assert reply == {"value": {"id": command.experiment_id}}
    assert (command.template.folds, command.template.candidates) == (5, ("tree",))


async def test_a_wish_against_the_contract_is_refused_before_it_is_sent() -> None:
    bus = MemoryBus(obeying)
    template = {"target": "species", "folds": 1}
    reply = await act(bus, "start", {"dataset": "penguins", "template": template}, EDITOR)
    assert reply["cause"].startswith("folds: ")
    assert bus.ordered == []


async def test_a_race_is_cancelled() -> None:
    bus = MemoryBus(obeying)
    assert await act(bus, "cancel", {"experiment": "exp-1"}) == {"value": {}}
    assert isinstance(bus.ordered[0], CancelExperiment)


async def test_a_command_that_nobody_answers_is_not_silent() -> None:
    bus = MemoryBus(obeying)
    reply = await act(bus, "deploy", {"name": "penguins", "model": "model-1"}, EDITOR)
    assert isinstance(bus.ordered[0], DeployModelVersion)
    assert "no answer" in reply["cause"]


async def test_a_report_comes_back_drawn() -> None:
    bus = MemoryBus(obeying)
    reply = await act(bus, "report", {"model_version": "mv-1"})
    assert reply == {"value": {"html": "<html>mv-1</html>"}}
    assert bus.ordered == [ReportModelVersion(model_version_id="mv-1")]


async def test_a_report_whose_numbers_are_gone_is_refused_with_what_is_missing() -> None:
    reply = await act(MemoryBus(obeying), "report", {"model_version": "mv-gone"})
    assert "reports/roc.parquet" in reply["cause"]


async def test_predictions_and_their_refusals_come_back() -> None:
    good = await act(MemoryBus(), "predict", {"path": "/p", "row": {"island": "Biscoe"}})
    bad = await act(MemoryBus(), "predict", {"path": "/p", "row": {}})
    assert good["value"]["answer"]["predictions"] == ["Adelie"]
    assert bad == {"cause": "The column island is missing.", "cure": "Name every column."}


@pytest.mark.parametrize("action", [action for action in NEEDS if action != "predict"])
async def test_who_only_views_gives_no_command_and_is_told_what_is_missing(action: str) -> None:
    bus = MemoryBus(obeying)
    reply = await act(bus, action, {}, person("viewer"))
    assert NEEDS[action] in reply["cause"]
    assert "the role editor" in reply["cure"]
    assert bus.ordered == []


async def test_who_only_views_may_ask_for_a_prediction() -> None:
    assert "value" in await act(MemoryBus(), "predict", {"path": "/p", "row": {"island": "Biscoe"}}, person("viewer"))


async def test_an_action_that_is_not_there_is_answered_too() -> None:
    assert "no action dance" in (await act(MemoryBus(), "dance", {}))["cause"]


async def test_a_page_that_outlived_its_session_gives_no_command() -> None:
    bus = MemoryBus(obeying)
    reply = await act(bus, "cancel", {"experiment": "exp-1"}, person("editor", session=timedelta(0)))
    assert "session is over" in reply["cause"]
    assert bus.ordered == []
