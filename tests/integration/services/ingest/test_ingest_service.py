"""Ingest on a real nats-server: a command is answered on its key, and what was said outlives the state."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import Misconfigured
from contracts.ingest import DatasetVersionRegistered, ListDatasets, RegisterDataset
from contracts.sources import ListSources, ReadSource, SourceAsked
from infra.bus import CommandRefused
from infra.bus.client import NatsBus
from infra.objects.buckets import ensure_bucket
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


async def test_a_source_is_read_by_order_and_an_unchanged_one_is_answered_from_what_is_known(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    keys = tmp_path / "credentials"
    keys.mkdir()
    with s3_server(tmp_path) as access:
        secret = access.secret.get_secret_value()
        (keys / "owner.json").write_text(f'{{"key_id": "{access.key_id}", "secret": "{secret}"}}')
        ensure_bucket("s3://sales", access)
        bucket = open_objects("s3://sales", access)
        for month in ("01", "02"):
            bucket.create(f"2026/month={month}/rows.csv", [b"species,mass\nAdelie,3700\nGentoo\n"])
        here = settings(nats_server, tmp_path, credentials_dir=keys)
        options = {"url": "s3://sales/2026", "endpoint": access.endpoint}
        source = SourceAsked(kind="s3", options=options, credentials="owner")
        async with running(service(here), here):
            order = partial(ReadSource, name="penguins", source=source)
            first = await bus.order(order(ingestion_id="one"), DatasetVersionRegistered)
            again = await bus.order(order(ingestion_id="two"), DatasetVersionRegistered)
            (kind,) = [kind for kind in (await bus.ask(ListSources())).kinds if kind.kind == "s3"]
            assert [option.name for option in kind.secrets] == ["key_id", "secret", "session_token"]
            bucket.create("2026/month=03/rows.csv", [b"species,mass\nAdelie,3800\n"])
            third = await bus.order(order(ingestion_id="three"), DatasetVersionRegistered)
            elsewhere = source.model_copy(update={"options": {**options, "url": "s3://nowhere"}})
            with pytest.raises(CommandRefused, match="no bucket nowhere"):
                await bus.order(ReadSource(ingestion_id="four", name="p", source=elsewhere), DatasetVersionRegistered)
    facts = [fact for fact in (first, again, third) if isinstance(fact, DatasetVersionRegistered)]
    assert not any(secret in fact.model_dump_json() for fact in facts)
    assert [fact.source and (fact.source.files, fact.source.new) for fact in facts] == [(2, 2), (2, 0), (3, 1)]
    assert [(fact.number, fact.unchanged, fact.rows, fact.listed) for fact in facts] == [
        (1, False, 2, 2),
        (1, True, 2, 2),
        (2, False, 3, 2),
    ]
    assert facts[0].rejected[0].file == "month=01/rows.csv"
    assert [column.name for column in facts[0].columns] == ["species", "mass", "month"]
