"""A reader of sources over a real store of objects and a folder of credentials."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.store import S3Store

from infra.objects.buckets import ensure_bucket
from infra.objects.s3 import S3Access
from infra.objects.store import open_objects
from services.ingest.connectors import Connectors
from services.ingest.credentials import CredentialsFolder
from services.ingest.intake import ObjectIntake
from services.ingest.reader import SourceReader
from tests.builders.s3 import s3_server
from tests.integration.services.ingest.conftest import Desk

__all__ = ["Desk"]

OWNER = {"key_id": "trackside-key", "secret": "a-secret-of-the-tests"}
GUEST = {"key_id": "guest-key", "secret": "a-secret-of-the-guest"}
_USERS = {
    "identities": [
        {
            "name": "owner",
            "credentials": [{"accessKey": OWNER["key_id"], "secretKey": OWNER["secret"]}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        },
        {
            "name": "guest",
            "credentials": [{"accessKey": GUEST["key_id"], "secretKey": GUEST["secret"]}],
            "actions": ["List:sales", "Read:sales/open/*"],
        },
        {"name": "anonymous", "actions": ["Read:public", "List:public"]},
    ]
}


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Access]:
    """A store of somebody else, with its buckets."""
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "users.json").write_text(json.dumps(_USERS))
    (folder / "data").mkdir()
    with s3_server(folder / "data", folder / "users.json") as access:
        for bucket in ("sales", "public"):
            ensure_bucket(f"s3://{bucket}", access)
        yield access


@pytest.fixture
def bucket(foreign: S3Access) -> Iterator[S3Store]:
    """The bucket ``sales`` of that store, empty again afterwards."""
    store = s3_bucket(foreign, "sales")
    yield store
    obstore.delete(store, [meta["path"] for page in obstore.list(store) for meta in page])


@pytest.fixture
def reader(tmp_path: Path) -> SourceReader:
    """A reader with the credentials ``owner``, ``guest``, ``wrong`` and ``stranger``."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    kept: dict[str, Any] = {
        "owner": OWNER,
        "guest": GUEST,
        "wrong": {**OWNER, "secret": "not-the-secret"},
        "stranger": {"key_id": "nobody", "secret": "no-secret-at-all"},
    }
    for name, credentials in kept.items():
        (folder / f"{name}.json").write_text(json.dumps(credentials))
    objects = open_objects(f"file://{tmp_path}/objects")
    intake = ObjectIntake(objects, memory="500MB", threads=2)
    return SourceReader(Connectors(), CredentialsFolder(folder), intake, objects)


def s3_bucket(access: S3Access, name: str) -> S3Store:
    """Return a bucket, to put objects into."""
    return S3Store(
        name,
        endpoint=access.endpoint,
        access_key_id=OWNER["key_id"],
        secret_access_key=OWNER["secret"],
        region="us-east-1",
        client_options={"allow_http": True},
    )
