"""Ingest on a real nats-server: a command is answered on its key, and what was said outlives the state."""

from pathlib import Path
from typing import Any

import pytest

from contracts.errors import Misconfigured
from contracts.ingest import DatasetVersionRegistered, ListDatasets, RegisterDataset
from infra.bus import CommandRefused
from infra.bus.client import NatsBus
from infra.objects.s3 import s3_access_of
from infra.objects.store import objects_of, open_objects
from services.ingest.app import service
from services.ingest.settings import IngestSettings
from tests.builders.nats import NatsServer
from tests.builders.s3 import s3_server
from tests.builders.service import running

CSV = b"species,mass\nAdelie,3700\nGentoo,NA\n"


def settings(nats_server: NatsServer, folder: Path, **fields: Any) -> IngestSettings:
    place = {"state_url": f"sqlite:///{folder}/ingest.db", "objects_url": f"file://{folder}/objects"}
    return IngestSettings(nats_url=nats_server.url, process="ingest", **place | fields)


def register(ingestion_id: str, upload: str = "uploads/p.csv") -> RegisterDataset:
    return RegisterDataset(ingestion_id=ingestion_id, name="penguins", upload=upload, filename="p.csv")


async def test_a_command_is_answered_with_a_fact_or_a_refusal(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    here = settings(nats_server, tmp_path)
    objects_of(here).create("uploads/p.csv", [CSV])
    async with running(service(here), here):
        answer = await bus.order(register("one"), DatasetVersionRegistered)
        assert isinstance(answer, DatasetVersionRegistered)
        assert (answer.number, answer.rows) == (1, 2)
        with pytest.raises(CommandRefused, match="no upload uploads/nowhere"):
            await bus.order(register("two", "uploads/nowhere"), DatasetVersionRegistered)
        (dataset,) = (await bus.ask(ListDatasets())).datasets
        assert (dataset.name, dataset.version) == ("penguins", answer.version)


async def test_a_lost_state_is_rebuilt_from_what_was_said(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    here = settings(nats_server, tmp_path)
    objects_of(here).create("uploads/p.csv", [CSV])
    async with running(service(here), here):
        await bus.order(register("one"), DatasetVersionRegistered)
        before = await bus.ask(ListDatasets())
    elsewhere = settings(nats_server, tmp_path, state_url=f"sqlite:///{tmp_path}/another.db")
    async with running(service(elsewhere), elsewhere):
        again = await bus.order(register("two"), DatasetVersionRegistered)
        assert isinstance(again, DatasetVersionRegistered)
        assert (again.number, again.unchanged) == (1, True)
        assert await bus.ask(ListDatasets()) == before


async def test_files_may_lie_in_s3(bus: NatsBus, nats_server: NatsServer, tmp_path: Path) -> None:
    with s3_server(tmp_path) as access:
        fields = {"objects_url": "s3://datasets", "s3_endpoint": access.endpoint, "s3_key_id": access.key_id}
        here = settings(nats_server, tmp_path, s3_secret=access.secret, **fields)
        ingest = service(here)  # makes the bucket
        open_objects("s3://datasets", s3_access_of(here)).create("uploads/p.csv", [CSV])
        async with running(ingest, here):
            answer = await bus.order(register("one"), DatasetVersionRegistered)
            assert isinstance(answer, DatasetVersionRegistered)
            objects_of(here).fetch(answer.data, answer.data_digest, tmp_path / "kept.parquet")
        with pytest.raises(Misconfigured, match="refuses the bucket"):
            service(settings(nats_server, tmp_path, s3_secret="wrong", **fields))
