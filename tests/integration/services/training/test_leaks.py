"""What is said of a target that leaks, from rows in a store."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from contracts.ingest import Column, DatasetVersionRegistered, LogicalType
from contracts.streams import COMMANDS, command_durable
from contracts.training import ExperimentStarted, ListExperiments, Plan
from infra.bus.client import NatsBus
from infra.bus.connection import connect
from infra.objects import Objects
from infra.objects.store import open_objects
from services.training.domain.plan import decide
from services.training.plans import StoredPlans
from tests.builders import a_dataset_version, a_start_experiment, a_template
from tests.builders.asking import eventually
from tests.builders.nats import NatsServer
from tests.builders.racing import race_services
from ui.cli.flights import write_flights

COPY = (
    "The column code tells species by itself: each of its values goes with one class only. "
    "Leave it out of the data if it is not known when a prediction is asked for."
)


class Counted:
    """A store that counts the bytes asked of it."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self.size = objects.size
        self.asked = 0

    def part(self, key: str, start: int, length: int) -> bytes:
        self.asked += length
        return self._objects.part(key, start, length)

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        return self._objects.create(key, chunks)


def penguins(rows: int = 60) -> pa.Table:
    chance = np.random.default_rng(3)
    kinds = chance.integers(0, 2, rows)
    return pa.table(
        {"island": chance.choice(["a", "b", "c"], rows), "code": kinds + 7, "species": [f"kind {n}" for n in kinds]}
    )


def kept(rows: pa.Table, folder: Path) -> tuple[Objects, DatasetVersionRegistered]:
    """Return a store in ``folder`` with the rows, and the fact that they are there."""
    objects = open_objects(f"file://{folder}/objects")
    pq.write_table(rows, folder / "rows.parquet", compression="zstd", row_group_size=122_880)
    stored = objects.put_file("datasets", folder / "rows.parquet", ".parquet")
    columns = tuple(_column(name, rows[name]) for name in rows.column_names)
    place: dict[str, Any] = {"data": stored.key, "data_digest": stored.digest}
    return objects, a_dataset_version(**place, columns=columns, rows=len(rows))


async def tried_twice(nats_server: NatsServer) -> None:
    """Return once the command was delivered for a second time, because the first had no outcome."""
    client = await connect(nats_server.url, name="test")

    async def delivered_twice() -> bool:
        durable = await client.jetstream().consumer_info(COMMANDS, command_durable("training"))
        assert durable.delivered is not None
        return bool(durable.delivered.consumer_seq >= 2)

    await eventually(delivered_twice)
    await client.close()


def _column(name: str, values: pa.ChunkedArray) -> Column:
    kinds: dict[pa.DataType, LogicalType] = {pa.int64(): "integer", pa.float64(): "float", pa.string(): "string"}
    return Column(
        name=name, type=kinds[values.type], missing=values.null_count, distinct=len(values.drop_null().unique())
    )


def plan_for(version: DatasetVersionRegistered, target: str) -> Plan:
    return decide(version, a_template(target=target))[0]


async def test_a_start_says_which_column_tells_the_target_and_plans_as_ever(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    _objects, version = kept(penguins(), tmp_path)
    await bus.publish(version)
    async with race_services(["training"], nats_server.url, tmp_path):
        started = await bus.order(a_start_experiment(), ExperimentStarted)
    assert isinstance(started, ExperimentStarted)
    assert started.warnings[-1] == COPY
    assert "island" not in "".join(started.warnings)
    assert started.plan == plan_for(version, "species")


async def test_while_the_store_does_not_answer_nothing_starts_and_then_all_of_it(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    _objects, version = kept(penguins(), tmp_path)
    datasets = tmp_path / "objects" / "datasets"
    datasets.rename(tmp_path / "away")
    datasets.write_text("in the way")
    await bus.publish(version)
    async with race_services(["training"], nats_server.url, tmp_path):
        starting = asyncio.create_task(bus.order(a_start_experiment(), ExperimentStarted))
        await tried_twice(nats_server)
        assert not (tmp_path / "objects" / "plans").exists()
        assert not (await bus.ask(ListExperiments())).experiments
        datasets.unlink()
        (tmp_path / "away").rename(datasets)
        started = await starting
    assert isinstance(started, ExperimentStarted)
    assert started.warnings[-1] == COPY


def test_of_a_large_file_the_first_rows_are_read_only(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    rows = penguins(300_000)
    for place in range(4):
        rows = rows.append_column(f"noise {place}", pa.array(chance.normal(size=len(rows))))
    objects, version = kept(rows, tmp_path)
    counted = Counted(objects)
    assert StoredPlans(counted).leaks(plan_for(version, "species")) == {"code": "values"}
    assert counted.asked < objects.size(version.data) * 0.6


@pytest.mark.parametrize("place", range(0, 1000, 50))
def test_damaged_rows_leak_nothing_and_hinder_no_start(tmp_path: Path, place: int) -> None:
    objects, version = kept(penguins(), tmp_path)
    whole = objects.read(version.data)
    at = len(whole) * place // 1000
    objects.create("datasets/torn", [whole[:at]])
    objects.create("datasets/other", [whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]])
    for key in ("datasets/torn", "datasets/other"):
        found = StoredPlans(objects).leaks(plan_for(version, "species").model_copy(update={"data": key}))
        assert set(found) <= {"code"}


def test_the_flights_of_the_demo_have_no_leak(tmp_path: Path) -> None:
    write_flights(tmp_path / "flights.csv")
    flights = csv.read_csv(tmp_path / "flights.csv", convert_options=csv.ConvertOptions(null_values=["NA"]))
    objects, version = kept(flights, tmp_path)
    assert StoredPlans(objects).leaks(plan_for(version, "late")) == {}
