"""The doctor on a real nats-server, well and broken in the ways that happen."""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

import nkeys
import pytest

from contracts.evaluation import LeaderboardUpdated
from contracts.streams import COMMANDS, EVENTS
from infra.bus.archiving import Archivist
from infra.bus.streams import provision
from infra.checkup import Finding
from infra.checkup.examination import examine, examine_home
from infra.checkup.place import Place
from infra.clock import utc_now
from infra.history.archive import archive_of
from infra.local.layout import Home
from infra.local.lock import locked
from infra.settings import StateSettings
from tests.builders.guarded import Guarded, guarded

_MOST_SECONDS = 4.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Guarded]:
    with guarded(tmp_path / "home") as running:
        asyncio.run(provision(running.url, running.home.seed("provisioner")))
        yield running


def place(server: Guarded, **changed: object) -> Place:
    given = {
        "nats_url": server.url,
        "ca_file": None,
        "seed_file": server.home.seed("cli"),
        "servers": {},
        "issuer": "",
        "processes": {},
        "objects": StateSettings(objects_url=f"file://{server.home.objects}"),
        **changed,
    }
    return Place(**given)  # type: ignore[arg-type]


def wrong(findings: list[Finding]) -> dict[str, str]:
    return {finding.check: finding.cause for finding in findings if finding.verdict != "ok"}


async def test_a_bus_that_is_as_needed_and_a_store_that_works_are_well(server: Guarded) -> None:
    findings = await examine(place(server))
    assert wrong(findings) == {}
    assert {"nats-server", "streams", "consumers", "dead letters", "history", "objects"} == {
        one.check for one in findings
    }
    assert [path for path in server.home.objects.rglob("*") if path.is_file()] == []


async def test_what_somebody_changed_in_a_stream_is_named(server: Guarded) -> None:
    client = await server.connected("provisioner")
    stream = client.jetstream()
    info = await stream.consumer_info(EVENTS, "training-facts")
    info.config.ack_wait = 60
    await stream.add_consumer(EVENTS, info.config)
    await client.close()
    assert wrong(await examine(place(server))) == {
        "streams": "The durable training-facts is not as this release needs it, in ack_wait."
    }


async def test_a_message_that_nobody_asks_for_is_found(server: Guarded) -> None:
    client = await server.connected("cli")
    await client.jetstream().publish("cmd.training.experiment.start.v1.exp-1", b"{}", stream=COMMANDS)
    await client.close()
    assert "1 messages wait in training-commands" in wrong(await examine(place(server)))["consumers"]


async def test_a_key_that_is_not_let_in_is_told_from_a_server_that_is_away(server: Guarded) -> None:
    server.home.seed("cli").write_bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))
    assert "refuses the key of cli" in wrong(await examine(place(server)))["nats-server"]
    server.process.kill()
    server.process.wait()
    assert "does not answer" in wrong(await examine(place(server)))["nats-server"]


async def test_a_server_that_hangs_holds_nothing_up(server: Guarded) -> None:
    began = monotonic()
    server.process.send_signal(signal.SIGSTOP)
    try:
        findings = wrong(await examine(place(server, processes=dict.fromkeys(("ingest", "training")))))
    finally:
        server.process.send_signal(signal.SIGCONT)
    assert "nats-server" in findings
    assert monotonic() - began < _MOST_SECONDS


async def test_a_process_that_is_not_there_is_found(server: Guarded) -> None:
    found = wrong(await examine(place(server, processes={"ingest": None})))
    assert found == {"ingest": "It does not answer over the bus."}


async def test_a_store_that_cannot_be_written_is_found(server: Guarded, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = StateSettings(objects_url=f"file://{tmp_path / 'file'}")
    assert "cannot be written and read" in wrong(await examine(place(server, objects=settings)))["objects"]


def touch_platform_file(home: Home) -> None:
    home.platform_file.write_text("{}")


async def test_facts_that_are_neither_in_the_stream_nor_in_the_archive_are_found(server: Guarded) -> None:
    client = await server.connected("cli")
    evaluation = await server.connected("evaluation")
    board = f"{LeaderboardUpdated.subject}.exp-1"
    for _ in range(3):
        await evaluation.jetstream().publish(board, b"{}", stream=EVENTS)
    archive = archive_of(StateSettings(objects_url=f"file://{server.home.objects}"))
    await Archivist(client, archive, lambda *_: None).archive(utc_now() + timedelta(days=1))
    [told] = [finding for finding in await examine(place(server)) if finding.check == "history"]
    assert (told.verdict, told.cause[:26]) == ("ok", "3 facts have left the stre")
    [part] = archive.parts()
    (server.home.objects / part.key).write_bytes(b"half")
    assert part.key in wrong(await examine(place(server)))["history"]
    (server.home.objects / part.key).unlink()
    assert "facts 1 to 3" in wrong(await examine(place(server)))["history"]
    shutil.rmtree(server.home.objects / "history")
    assert "facts 1 to 3" in wrong(await examine(place(server)))["history"]
    await client.close()
    await evaluation.close()


@pytest.mark.parametrize(
    ("breaking", "check", "cause"),
    [
        (lambda _: None, "platform", "does not run"),
        (touch_platform_file, "platform", "was killed"),
        (lambda home: home.keys.chmod(0o755), "keys", "Other users of this machine may read"),
    ],
)
async def test_what_is_wrong_with_a_folder_at_rest_is_found(
    tmp_path: Path, breaking: Callable[[Home], None], check: str, cause: str
) -> None:
    home = Home(tmp_path / "home")
    home.create()
    breaking(home)
    assert cause in wrong(await examine_home(home))[check]


async def test_a_nats_server_that_outlived_its_platform_is_found_with_its_process(server: Guarded) -> None:
    findings = await examine_home(server.home)
    (left,) = (finding for finding in findings if finding.check == "leftovers")
    assert left.cure == f"kill {server.process.pid}"


async def test_a_platform_that_starts_is_told_from_one_that_does_not_run(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    with locked(home):
        assert "starts or stops" in wrong(await examine_home(home))["platform"]
