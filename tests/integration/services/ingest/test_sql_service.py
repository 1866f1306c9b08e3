"""The source ``sql`` through the bus: a query becomes a dataset version, or a refusal without the secret."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from contracts.ingest import DatasetVersionRegistered
from contracts.sources import ListSources, ReadSource, SourceAsked
from infra.bus import CommandRefused
from infra.bus.client import NatsBus
from services.ingest.app import service
from services.ingest.settings import IngestSettings
from tests.builders.nats import NatsServer
from tests.builders.postgresql import postgresql_server
from tests.builders.service import running

SECRET = SecretStr("a-secret-of-the-tests")


async def test_a_query_becomes_a_version_and_an_unchanged_one_stays_it(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    here = IngestSettings(
        nats_url=nats_server.url, process="ingest", state_url=f"sqlite:///{tmp_path}/ingest.db",
        objects_url=f"file://{tmp_path}/objects", credentials_dir=tmp_path,
    )  # fmt: skip
    (tmp_path / "good.json").write_text(f'{{"user": "reader", "password": "{SECRET.get_secret_value()}"}}')
    (tmp_path / "bad.json").write_text('{"user": "reader", "password": "a-wrong-one"}')
    with postgresql_server() as server:
        server.run(
            "CREATE TABLE orders AS SELECT i::int4 AS id, gen_random_uuid() AS key FROM generate_series(1, 5000) i",
            f"CREATE ROLE reader LOGIN PASSWORD '{SECRET.get_secret_value()}'",
            "GRANT SELECT ON orders TO reader",
        )
        options = {"url": server.url, "query": "SELECT * FROM orders ORDER BY id"}

        def ask(ingestion_id: str, credentials: str, **other: str) -> ReadSource:
            source = SourceAsked(kind="sql", options=options | other, credentials=credentials)
            return ReadSource(ingestion_id=ingestion_id, name="orders", source=source)

        async with running(service(here), here):
            first = await bus.order(ask("one", "good"), DatasetVersionRegistered)
            assert isinstance(first, DatasetVersionRegistered)
            assert (first.number, first.rows, first.notes) == (1, 5_000, ("key (uuid) is kept as text.",))
            assert first.source is not None
            assert first.source.where == f"{server.url} SELECT * FROM orders ORDER BY id"
            again = await bus.order(ask("two", "good"), DatasetVersionRegistered)
            assert isinstance(again, DatasetVersionRegistered)
            assert (again.number, again.unchanged) == (1, True)
            assert {"snowflake", "sql"} <= {kind.kind for kind in (await bus.ask(ListSources())).kinds}
            with pytest.raises(CommandRefused, match="does not let us in") as caught:
                await bus.order(ask("three", "bad"), DatasetVersionRegistered)
            assert "a-wrong-one" not in str(caught.value)
            secret = server.url.replace("//", "//reader:hidden@")
            with pytest.raises(CommandRefused, match="belong in the credentials") as caught:
                await bus.order(ask("four", "good", url=secret), DatasetVersionRegistered)
            assert "hidden" not in str(caught.value)
