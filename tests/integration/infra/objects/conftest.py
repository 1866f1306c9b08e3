"""The three stores behind the port, the last a real S3 server in a process of its own."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from infra.objects import Objects
from infra.objects.buckets import ensure_bucket
from infra.objects.s3 import S3Access
from infra.objects.store import open_objects
from tests.builders.s3 import s3_server


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Access]:
    with s3_server(tmp_path_factory.mktemp("s3")) as access:
        yield access


@pytest.fixture(params=["folder", "memory", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    if request.param == "folder":
        return open_objects(f"file://{tmp_path}/objects")
    if request.param == "memory":
        return open_objects("memory://")
    access: S3Access = request.getfixturevalue("s3")
    url = f"s3://bucket-{uuid4().hex[:12]}"
    ensure_bucket(url, access)
    return open_objects(url, access)
