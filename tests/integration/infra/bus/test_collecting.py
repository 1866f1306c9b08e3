"""Objects are removed only if they are old and no fact names them, wherever that fact lies."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from nats.aio.client import Client

from contracts.catalog import HEARS
from contracts.examples import EXAMPLES
from contracts.identities import durables_of
from contracts.ingest import DatasetVersionRegistered, RegisterDataset
from contracts.message import Command
from contracts.reports import ModelVersionReported, ReportModelVersion
from contracts.serving import DeploymentReady, PredictionsLogged
from contracts.streams import EVENTS
from contracts.training import ExperimentStarted, FitCompleted, ModelVersionCreated, PerformFit
from infra.bus.archiving import Archivist
from infra.bus.client import NatsBus
from infra.bus.collecting import Collected, Collector, StoreOfAnother, Told
from infra.bus.connection import connect
from infra.clock import utc_now
from infra.history import HistoryDamaged
from infra.history.archive import ObjectArchive
from infra.objects.store import open_objects
from tests.builders.nats import NatsServer

WEEK = timedelta(days=7)
SERVED = (DatasetVersionRegistered, ExperimentStarted, FitCompleted, ModelVersionCreated, DeploymentReady)
DURABLES = [pair for role in HEARS for pair in durables_of(role) if EVENTS in pair]
NOBODY = "f" * 64


def ignore(_: int) -> None:
    """Nobody watches."""


@dataclass
class Kept:
    """An object store, and the platform's stream."""

    client: Client
    bus: NatsBus
    folder: Path

    def put(self, key: str, text: bytes = b"bytes", *, days: float = 8) -> str:
        """Store an object that was written so many days ago."""
        open_objects(f"file://{self.folder}").create(key, [text])
        at = (utc_now() - timedelta(days=days)).timestamp()
        os.utime(self.folder / key, (at, at))
        return key

    @property
    def archive(self) -> ObjectArchive:
        return ObjectArchive(lambda: open_objects(f"file://{self.folder}"))

    async def collect(self, told: Told = ignore, *, dry: bool = False) -> Collected:
        collector = Collector(self.client, self.archive, open_objects(f"file://{self.folder}"), told)
        return await collector.collect(utc_now() - WEEK, dry=dry)

    def there(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
async def kept(nats_server: NatsServer, bus: NatsBus, tmp_path: Path) -> AsyncIterator[Kept]:
    client = await connect(nats_server.url, None, name="cli")
    yield Kept(client, bus, tmp_path / "objects")
    await client.close()


async def serve(kept: Kept) -> set[str]:
    """Tell the story of a deployment; return the keys of the objects that it stands on."""
    dataset, started, fit, model, _ = facts = [kind.model_validate(EXAMPLES[kind]) for kind in SERVED]
    for fact in facts:
        await kept.bus.publish(fact)
    assert isinstance(dataset, DatasetVersionRegistered)
    assert isinstance(started, ExperimentStarted)
    assert isinstance(fit, FitCompleted)
    assert isinstance(model, ModelVersionCreated)
    assert dataset.profile is not None
    keys = (
        dataset.data,
        dataset.profile,
        fit.predictions,
        model.artifact,
        f"plans/{started.plan_digest}.json",
        f"fits/{fit.fit_id}.json",
        f"model-versions/{model.model_version_id}.json",
    )
    return {kept.put(key) for key in keys}


async def test_what_no_fact_names_goes_once_it_is_old(kept: Kept) -> None:
    ours = await serve(kept)
    gone = {
        kept.put(key)
        for key in (
            "uploads/ing-1",
            f"uploads/{NOBODY}.csv",
            f"datasets/{NOBODY}.parquet",
            f"predictions/{NOBODY}.parquet",
            f"models/{NOBODY}.zip",
            f"reports/{NOBODY}.parquet",
            f"asked/{uuid4()}.json",
            f"checkup/{NOBODY}",
            f"probes/{'e' * 32}",
        )
    }
    young = {kept.put("uploads/ing-2", days=6), kept.put(f"models/{'e' * 64}.zip", days=6)}
    looked = await kept.collect(dry=True)
    assert kept.there() == ours | gone | young
    assert (await kept.collect()) == looked
    assert kept.there() == ours | young
    assert sum(kind.removed for kind in looked.kinds) == len(gone)
    assert sum(kind.removed_bytes for kind in looked.kinds) == len(gone) * len(b"bytes")


@pytest.mark.parametrize("archived", [False, True])
async def test_what_serves_and_all_that_it_stands_on_stays(kept: Kept, archived: bool) -> None:  # noqa: FBT001
    lineage = await serve(kept)
    if archived:
        for stream, durable in DURABLES:
            await kept.client.jetstream().delete_consumer(stream, durable)
        await Archivist(kept.client, kept.archive, lambda *_: None).archive(utc_now() + WEEK)
        assert (await kept.client.jetstream().stream_info(EVENTS)).state.messages == 0
        lineage |= kept.there()
    await kept.collect()
    assert kept.there() == lineage


async def test_what_was_never_described_stays(kept: Kept) -> None:
    ours = await serve(kept)
    others = {kept.put("notes.txt"), kept.put("datasets/penguins.parquet"), kept.put("plans/of-mine.json")}
    await kept.collect()
    assert kept.there() == ours | others


async def test_a_finished_fit_that_was_not_stated_yet_keeps_what_it_names(kept: Kept) -> None:
    ours = await serve(kept)
    finished = FitCompleted.model_validate(EXAMPLES[FitCompleted])
    fit_id, predictions = f"fit-{uuid4()}", f"predictions/{NOBODY}.parquet"
    fit = finished.model_copy(update={"fit_id": fit_id, "predictions": predictions})
    named = {kept.put(f"fits/{fit_id}.json", fit.model_dump_json().encode()), kept.put(predictions)}
    await kept.collect()
    assert kept.there() == ours | named


async def test_what_was_asked_and_what_was_found_of_it_stays_while_facts_name_it(kept: Kept) -> None:
    ours = await serve(kept)
    made = ModelVersionReported.model_validate(EXAMPLES[ModelVersionReported])
    asked = f"asked/{uuid4()}.json"
    logged = PredictionsLogged.model_validate(EXAMPLES[PredictionsLogged]).model_copy(update={"asked": asked})
    for fact in (made, logged):
        await kept.bus.publish(fact)
    named = {kept.put(asked), *(kept.put(table.key) for table in made.tables)}
    await kept.collect()
    assert kept.there() == ours | named


async def test_a_report_that_is_written_down_keeps_its_tables_though_its_own_fact_was_never_said(kept: Kept) -> None:
    ours = await serve(kept)
    made = ModelVersionReported.model_validate(EXAMPLES[ModelVersionReported])
    record = f"reports/{made.model_version_id}.json"
    named = {kept.put(record, made.model_dump_json().encode()), *(kept.put(table.key) for table in made.tables)}
    await kept.collect()
    assert kept.there() == ours | named


@pytest.mark.parametrize(
    ("command", "durable", "kinds"),
    [
        (RegisterDataset, "ingest-commands", ("uploads", "datasets")),
        (PerformFit, "training-worker-commands", ("predictions", "models", "reports")),
        (ReportModelVersion, "training-worker-commands", ("predictions", "models", "reports")),
    ],
)
async def test_nothing_goes_of_which_a_command_that_waits_may_still_make_a_fact(
    kept: Kept, command: type[Command], durable: str, kinds: tuple[str, ...]
) -> None:
    ours = await serve(kept)
    keys = {kind: kept.put(f"{kind}/{NOBODY}") for kind in ("uploads", "datasets", "predictions", "models", "reports")}
    await kept.bus.publish(command.model_validate(EXAMPLES[command]))
    assert (await kept.collect()).waits_for == {durable: kinds}
    assert kept.there() == ours | {keys[kind] for kind in kinds}


async def test_a_part_of_the_archive_that_is_not_listed_goes_and_a_listed_one_stays(kept: Kept) -> None:
    await kept.client.jetstream().publish("evt.nobody.hears.this.v1.key", b"{}")
    await Archivist(kept.client, kept.archive, lambda *_: None).archive(utc_now() + WEEK)
    listed = kept.there()
    for key in listed:
        os.utime(kept.folder / key, (0, 0))
    kept.put(f"history/{NOBODY}.parquet")
    await kept.collect()
    assert kept.there() == listed
    assert len(listed) == 2


async def test_what_is_written_again_while_names_are_looked_for_stays(kept: Kept) -> None:
    ours = await serve(kept)
    again = f"datasets/{NOBODY}.parquet"
    kept.put(again)

    def write_again(_: int) -> None:
        os.utime(kept.folder / again)

    await kept.collect(write_again)
    assert kept.there() == ours | {again}


async def test_the_store_of_another_platform_is_left_alone(kept: Kept) -> None:
    others = {kept.put(f"datasets/{NOBODY}.parquet"), kept.put("uploads/ing-1")}
    with pytest.raises(StoreOfAnother, match=f"such as datasets/{NOBODY}"):
        await kept.collect()
    ours = await serve(kept)
    model = ModelVersionCreated.model_validate(EXAMPLES[ModelVersionCreated])
    (kept.folder / model.artifact).unlink()
    with pytest.raises(StoreOfAnother, match=f"facts name {model.artifact}, which is not there"):
        await kept.collect()
    assert kept.there() == (ours | others) - {model.artifact}


async def test_a_store_is_proven_once_facts_name_what_it_has(kept: Kept) -> None:
    assert (await kept.collect()).proven is False
    await serve(kept)
    assert (await kept.collect()).proven is True


async def test_nothing_goes_while_archived_facts_cannot_be_read(kept: Kept) -> None:
    await kept.client.jetstream().publish("evt.nobody.hears.this.v1.key", b"{}")
    await Archivist(kept.client, kept.archive, lambda *_: None).archive(utc_now() + WEEK)
    [part] = kept.archive.parts()
    (kept.folder / part.key).write_bytes(b"damaged")
    upload = kept.put("uploads/ing-1")
    with pytest.raises(HistoryDamaged):
        await kept.collect()
    assert upload in kept.there()
