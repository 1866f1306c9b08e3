"""Removing a dataset version on a real nats-server: ingest forgets it, training starts nothing on it, gc bears it."""

from datetime import timedelta
from pathlib import Path

import pytest

from contracts.ingest import DatasetVersionRegistered, ListDatasets, RegisterDataset
from contracts.training import ExperimentStarted
from contracts.versions import (
    CompareVersions,
    DatasetVersionRemoved,
    ListVersions,
    RemovalRefused,
    RemoveDatasetVersion,
)
from infra.bus import CommandRefused, QuestionRefused
from infra.bus.client import NatsBus
from infra.bus.collecting import Collector
from infra.bus.connection import connect
from infra.clock import utc_now
from infra.history.archive import ObjectArchive
from infra.objects import Objects
from infra.objects.store import objects_of
from services.ingest.app import service
from tests.builders import a_start_experiment, a_template
from tests.builders.nats import NatsServer
from tests.builders.racing import race_services
from tests.builders.service import running
from tests.integration.services.ingest.test_ingest_service import settings

ROWS = "mass,species\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(60))
MORE = ROWS + "70,a\n71,b\n"
RACE = a_template(candidates=("logistic", "dummy"))


async def register(bus: NatsBus, objects: Objects, ingestion_id: str, rows: str) -> DatasetVersionRegistered:
    upload = f"uploads/{ingestion_id}"
    objects.create(upload, [rows.encode()])
    command = RegisterDataset(ingestion_id=ingestion_id, name="penguins", upload=upload, filename="p.csv")
    fact = await bus.order(command, DatasetVersionRegistered)
    assert isinstance(fact, DatasetVersionRegistered)
    return fact


async def remove(bus: NatsBus, removal_id: str, number: int) -> DatasetVersionRemoved:
    command = RemoveDatasetVersion(removal_id=removal_id, name="penguins", number=number)
    fact = await bus.order(command, DatasetVersionRemoved)
    assert isinstance(fact, DatasetVersionRemoved)
    return fact


async def test_a_removed_version_is_gone_for_everyone_and_its_rows_can_come_again(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    here = settings(nats_server, tmp_path)
    objects = objects_of(here)
    async with running(service(here), here), race_services(["training"], nats_server.url, tmp_path):
        first = await register(bus, objects, "one", ROWS)
        second = await register(bus, objects, "two", MORE)
        removed = await remove(bus, "r1", 2)
        assert {second.data, second.profile} <= set(removed.objects)
        assert await remove(bus, "r1", 2) == removed
        with pytest.raises(CommandRefused, match="Version 2 of penguins was removed"):
            await remove(bus, "r2", 2)
        with pytest.raises(QuestionRefused, match="Version 2 of penguins was removed"):
            await bus.ask(CompareVersions(name="penguins", before=1, after=2))
        (left,) = (await bus.ask(ListVersions(name="penguins"))).versions
        assert (left.number, left.profile) == (1, first.profile)
        with pytest.raises(CommandRefused, match="Version 2 of the dataset 'penguins' was removed"):
            await bus.order(a_start_experiment(template=RACE, dataset_version=second.version), ExperimentStarted)
        third = await register(bus, objects, "three", MORE)
        assert (third.number, third.version, third.unchanged) == (3, second.version, False)
        started = await bus.order(
            a_start_experiment(experiment_id="exp-2", template=RACE, dataset_version=third.version), ExperimentStarted
        )
        assert isinstance(started, ExperimentStarted)


async def test_a_state_rebuilt_from_facts_has_forgotten_it_too(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    here = settings(nats_server, tmp_path)
    objects = objects_of(here)
    async with running(service(here), here):
        await register(bus, objects, "one", ROWS)
        await register(bus, objects, "two", MORE)
        await remove(bus, "r1", 2)
        before = await bus.ask(ListDatasets())
    elsewhere = settings(nats_server, tmp_path, state_url=f"sqlite:///{tmp_path}/another.db")
    async with running(service(elsewhere), elsewhere):
        with pytest.raises(CommandRefused) as refused:
            await remove(bus, "r2", 2)
        assert isinstance(refused.value.refusal, RemovalRefused)
        assert await bus.ask(ListDatasets()) == before
        assert (await register(bus, objects, "three", MORE)).number == 3


async def test_what_was_removed_is_not_missed_when_objects_are_collected(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    here = settings(nats_server, tmp_path)
    objects = objects_of(here)
    async with running(service(here), here):
        first = await register(bus, objects, "one", ROWS)
        await register(bus, objects, "two", MORE)
        await remove(bus, "r1", 2)
    client = await connect(nats_server.url, None, name="cli")
    collector = Collector(client, ObjectArchive(lambda: objects), objects, lambda _: None)
    collected = await collector.collect(utc_now() + timedelta(days=1), dry=False)
    await client.close()
    assert collected.proven
    assert set(objects.keys("datasets")) == {first.data, first.profile}
