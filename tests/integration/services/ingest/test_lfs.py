"""Git LFS as it is used: git-lfs against the running ingress, and ingest reading what was pushed there."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from contracts.ingest import DatasetVersionRegistered
from contracts.sources import ReadSource, SourceAsked
from infra.bus import CommandRefused
from infra.bus.client import NatsBus, connect
from infra.objects import Objects
from infra.objects.store import objects_of
from infra.telemetry import Telemetry
from services.ingest.settings import IngestSettings
from services.ingest.sources.git import GitCredentials, GitOptions, GitSource
from tests.builders.asking import eventually
from tests.builders.guarded import Guarded
from tests.builders.issuers import KeyServer
from tests.builders.repositories import Repository, repository
from tests.builders.tokens import signed
from tests.integration.services.ingest.conftest import KEY

FLIGHTS = b"carrier,delay\n" + b"".join(b"AA,%d\n" % number for number in range(900_000))
"""About 8 MB."""


@pytest.fixture
def lfs(settings: IngestSettings) -> str:
    return f"http://127.0.0.1:{settings.http_port}/lfs/flights"


@pytest.fixture
def flights(tmp_path: Path, lfs: str, token: str) -> Iterator[Repository]:
    with repository(tmp_path / "repository") as served:
        served.keeps_large_files_at(lfs, token)
        yield served


@pytest.fixture
def objects(settings: IngestSettings) -> Objects:
    return objects_of(settings)


@pytest.fixture
async def bus(http: httpx.AsyncClient, nats: Guarded) -> AsyncIterator[NatsBus]:
    client = await connect(nats.url, nats.home.seed("cli"), "cli", Telemetry("cli"))
    yield client
    await client.close()


async def pushed(served: Repository, **files: bytes) -> str:
    """Commit files, push them and what they point to, and return the commit."""

    def push() -> str:
        commit = served.commit({f"{name}.csv": data for name, data in files.items()}, push=False)
        served.git("lfs", "push", "--all", str(served.bare))
        served.git("push", "--quiet", "--no-verify", str(served.bare), "HEAD:main")
        return commit

    return await asyncio.to_thread(push)


async def test_git_lfs_pushes_clones_pulls_and_finds_everything_in_order(
    http: httpx.AsyncClient, flights: Repository, objects: Objects, lfs: str, token: str, tmp_path: Path
) -> None:
    small = {f"small_{number}": b"a,b\n%d,1\n" % number for number in range(20)}
    await pushed(flights, large=FLIGHTS, **small)
    assert set(objects.keys("lfs")) == {_key(data) for data in (FLIGHTS, *small.values())}

    def cloned() -> bytes:
        copy = tmp_path / "copy"
        flights.git("-c", "filter.lfs.smudge=", "-c", "filter.lfs.required=false", "clone", flights.url, str(copy))
        assert (copy / "large.csv").read_bytes().startswith(b"version https://git-lfs")
        flights.git("lfs", "install", "--local", at=copy)
        flights.knows(lfs, token, copy)
        flights.git("lfs", "pull", at=copy)
        assert flights.git("lfs", "fsck", at=copy) == "Git LFS fsck OK"
        return (copy / "large.csv").read_bytes()

    assert await asyncio.to_thread(cloned) == FLIGHTS
    assert (await http.get("/health")).status_code == 200


async def test_git_lfs_shows_to_a_person_which_grant_is_missing(
    http: httpx.AsyncClient, flights: Repository, objects: Objects, issuer: KeyServer
) -> None:
    hearing = signed(KEY, iss=issuer.url, aud="trackside-events", scope="hear", iat=None, exp=4_000_000_000)
    (flights.home / "token").write_text(hearing)
    with pytest.raises(AssertionError, match="does not grant upload"):
        await pushed(flights, large=FLIGHTS)
    assert objects.keys("lfs") == []
    assert (await http.get("/health")).status_code == 200


async def test_many_objects_are_asked_for_together(
    http: httpx.AsyncClient, flights: Repository, lfs: str, token: str
) -> None:
    files = {f"n{number:03}": b"a,b\n%d,1\n" % number for number in range(120)}
    await pushed(flights, **files)
    options = GitOptions(url=flights.url, lfs_url=lfs, pattern="*.csv")
    credentials = GitCredentials.model_validate({"token": "unused", "lfs_token": token})

    def read() -> dict[str, bytes]:
        with GitSource().open(options, credentials) as found:
            return {file.name: b"".join(file.open()) for _ in range(2) for file in found.files}

    assert await asyncio.to_thread(read) == {f"{name}.csv": data for name, data in files.items()}
    assert (await http.get("/health")).status_code == 200


async def test_a_connection_that_breaks_off_leaves_nothing(
    http: httpx.AsyncClient, settings: IngestSettings, objects: Objects, lfs: str
) -> None:
    wanted = {"oid": hashlib.sha256(FLIGHTS).hexdigest(), "size": len(FLIGHTS)}
    asked = {"operation": "upload", "objects": [wanted]}
    (told,) = (await http.post(f"{lfs}/objects/batch", json=asked)).json()["objects"]
    act = told["actions"]["upload"]
    _, writer = await asyncio.open_connection("127.0.0.1", settings.http_port)
    head = [f"PUT /lfs/flights/objects/{wanted['oid']} HTTP/1.1", "Host: x", f"Content-Length: {len(FLIGHTS)}"]
    head += [f"{name}: {value}" for name, value in act["header"].items()]
    writer.write("\r\n".join([*head, "", ""]).encode() + FLIGHTS[: len(FLIGHTS) // 2])
    await writer.drain()

    scratch = settings.scratch_dir or Path()

    async def is_coming() -> bool:
        return list(scratch.iterdir()) != []

    async def is_gone() -> bool:
        return list(scratch.iterdir()) == []

    await eventually(is_coming)
    writer.transport.abort()
    await eventually(is_gone)
    assert objects.keys("lfs") == []
    assert (await http.put(act["href"], content=FLIGHTS, headers=act["header"])).status_code == 200


async def test_a_new_commit_is_a_new_version_and_the_same_bytes_are_not_read_again(
    bus: NatsBus, flights: Repository, objects: Objects, lfs: str, token: str, tmp_path: Path
) -> None:
    flights.token = "the-token-of-ana"
    (tmp_path / "ana.json").write_text(json.dumps({"token": flights.token, "lfs_token": token}))
    asked = SourceAsked(
        kind="git",
        options={"url": flights.url, "path": "large.csv", "revision": "main", "lfs_url": lfs},
        credentials="ana",
    )

    async def read(ingestion_id: str) -> DatasetVersionRegistered:
        command = ReadSource(ingestion_id=ingestion_id, name="flights", source=asked)
        answer = await bus.order(command, DatasetVersionRegistered)
        assert isinstance(answer, DatasetVersionRegistered)
        assert answer.source is not None
        return answer

    first_commit = await pushed(flights, large=FLIGHTS)
    first = await read("one")
    assert (first.number, first.rows, first.unchanged) == (1, 900_000, False)
    assert first.source is not None
    assert first.source.lineage == {
        "commit": first_commit, "committed_at": "2026-11-24T12:00:00+00:00", "revision": "main",
    }  # fmt: skip

    await pushed(flights, other=b"a,b\n1,2\n")
    # If it were read again, this would be noticed.
    objects.delete(_key(FLIGHTS))
    again = await read("two")
    assert (again.number, again.unchanged, again.version) == (1, True, first.version)

    await pushed(flights, large=FLIGHTS + b"UA,7\n")
    changed = await read("three")
    assert (changed.number, changed.rows, changed.unchanged) == (2, 900_001, False)
    assert flights.token not in changed.model_dump_json()


async def test_what_the_lfs_server_does_not_have_or_counts_otherwise_is_an_answer_in_words(
    bus: NatsBus, flights: Repository, objects: Objects, lfs: str, token: str, tmp_path: Path
) -> None:
    (tmp_path / "ana.json").write_text(json.dumps({"token": "unused", "lfs_token": token}))
    digest = hashlib.sha256(FLIGHTS).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 12\n"
    await pushed(flights, large=FLIGHTS, lost=b"a,b\n1,2\n")
    objects.delete(_key(b"a,b\n1,2\n"))

    await asyncio.to_thread(flights.commit, {"forged.csv": pointer.encode()})

    async def refused(path: str) -> tuple[str, str]:
        options = {"url": flights.url, "lfs_url": lfs, "path": path}
        source = SourceAsked(kind="git", options=options, credentials="ana")
        with pytest.raises(CommandRefused) as refusal:
            await bus.order(ReadSource(ingestion_id=path[:-4], name="x", source=source), DatasetVersionRegistered)
        return refusal.value.refusal.reason, str(refusal.value)

    for path, reason, words in (
        ("lost.csv", "LfsObjectMissing", "git lfs push --all"),
        ("forged.csv", "LfsObjectWrong", f"It has {len(FLIGHTS)} bytes"),
    ):
        found, said = await refused(path)
        assert (found, words in said) == (reason, True)


def _key(data: bytes) -> str:
    return f"lfs/{hashlib.sha256(data).hexdigest()}"
