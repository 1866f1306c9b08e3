"""What each process of a platform of containers may do in the object store: tried on the store that Compose pins."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from contracts.errors import Misconfigured, TracksideError
from infra.clock import utc_now
from infra.containers.secrets import STORE_RIGHTS, make_secrets
from infra.history import KeptFact, Part
from infra.history.archive import ObjectArchive
from infra.history.contents import Contents
from infra.history.part import PartWriter
from infra.objects import Objects
from infra.objects.buckets import ensure_bucket
from infra.objects.s3 import S3Access
from infra.objects.store import open_objects
from tests.builders.s3 import s3_server

ARCHIVED = "history/there"
ANSWERED = "predictions/there"
BUCKETS = ("trackside", "mlflow")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with what the store is told, and the secret of each of its users."""
    folder = tmp_path_factory.mktemp("secrets")
    make_secrets(folder)
    return folder / "objects"


@pytest.fixture(scope="module")
def owner(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Access]:
    """Run the store, with its buckets made; yield how its owner reaches it."""
    with s3_server(tmp_path_factory.mktemp("store"), kept / "seaweedfs.json") as access:
        secret = SecretStr((kept / "secret").read_text())
        owner = replace(access, key_id=(kept / "key_id").read_text(), secret=secret)
        for bucket in BUCKETS:
            ensure_bucket(f"s3://{bucket}", owner)
            open_objects(f"s3://{bucket}", owner).create("there", [b"what is there"])
        open_objects("s3://trackside", owner).create(ARCHIVED, [b"what is archived"])
        open_objects("s3://trackside", owner).create(ANSWERED, [b"what was answered"])
        yield owner


def can_read(objects: Objects) -> bool:
    try:
        return objects.read("there") == b"what is there"
    except TracksideError:
        return False


def can_read_the_archive(objects: Objects) -> bool:
    try:
        return ARCHIVED in objects.keys("history") and objects.read(ARCHIVED) == b"what is archived"
    except TracksideError:
        return False


def can_write(objects: Objects, key: str) -> bool:
    try:
        return objects.create(key, [b"new"])
    except TracksideError:
        return False


@pytest.mark.parametrize("name", [name for name in STORE_RIGHTS if name != "provisioner"])
@pytest.mark.parametrize("bucket", BUCKETS)
def test_each_may_do_what_its_work_needs_and_no_more(owner: S3Access, kept: Path, name: str, bucket: str) -> None:
    secret = SecretStr((kept / f"{name}.secret").read_text())
    objects = open_objects(f"s3://{bucket}", replace(owner, key_id=f"trackside-{name}", secret=secret))
    rights = STORE_RIGHTS[name]
    assert can_read_the_archive(objects) == (bucket == "trackside" and name != "mlflow")
    assert can_read(objects) == (f"Read:{bucket}" in rights)
    assert can_write(objects, f"{name}/new") == (f"Write:{bucket}" in rights)


def test_what_the_command_line_archives_is_read_by_who_may_read_nothing_else(
    owner: S3Access, kept: Path, tmp_path: Path
) -> None:
    def archive_as(name: str) -> ObjectArchive:
        secret = SecretStr((kept / f"{name}.secret").read_text())
        access = replace(owner, key_id=f"trackside-{name}", secret=secret)
        return ObjectArchive(lambda: open_objects("s3://trackside", access))

    facts = [KeptFact(n, f"evt.a.b.c.v1.{n}", {"ce-id": f"{n}"}, b"{}", utc_now()) for n in range(1, 2001)]
    contents = Contents()
    with PartWriter(tmp_path / "part") as writer:
        for fact in facts:
            writer.add(fact)
            contents.add(fact.subject)
    key, digest, size = archive_as("cli").store(tmp_path / "part")
    part = Part(
        first=1, last=2000, facts=2000, fact_bytes=1, key=key, digest=digest, size=size,
        stems=contents.stems(), keys=contents.keys(),
    )  # fmt: skip
    assert archive_as("cli").enter(part) == part
    for reader in ("evaluation", "scheduler"):
        told = [fact for group in archive_as(reader).facts(["evt.>"], 0, 2001) for fact in group]
        assert told == facts


@pytest.mark.parametrize(("name", "may"), [("evaluation", True), ("scheduler", False)])
def test_who_judges_reads_what_candidates_answered(owner: S3Access, kept: Path, name: str, *, may: bool) -> None:
    secret = SecretStr((kept / f"{name}.secret").read_text())
    objects = open_objects("s3://trackside", replace(owner, key_id=f"trackside-{name}", secret=secret))
    try:
        assert objects.read(ANSWERED) == b"what was answered"
    except TracksideError:
        assert not may
    else:
        assert may
    assert not can_write(objects, "predictions/new")


@pytest.mark.parametrize(("name", "may"), [("serving", True), ("training-recorder", False)])
def test_serving_keeps_what_it_is_asked_and_writes_nothing_else(
    owner: S3Access, kept: Path, name: str, *, may: bool
) -> None:
    secret = SecretStr((kept / f"{name}.secret").read_text())
    objects = open_objects("s3://trackside", replace(owner, key_id=f"trackside-{name}", secret=secret))
    assert can_write(objects, f"asked/{name}.json") == may
    assert not any(can_write(objects, f"{kind}/{name}") for kind in ("models", "askedtoo", "predictions", "reports"))


def test_only_the_owner_makes_buckets(owner: S3Access, kept: Path) -> None:
    secret = SecretStr((kept / "ingest.secret").read_text())
    with pytest.raises(Misconfigured, match="refuses the bucket"):
        ensure_bucket("s3://other", replace(owner, key_id="trackside-ingest", secret=secret))
    ensure_bucket("s3://trackside", replace(owner, key_id="trackside-ingest", secret=secret))
