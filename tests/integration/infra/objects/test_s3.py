import dataclasses

import pytest
from minio import Minio
from pydantic import SecretStr

from contracts.errors import Misconfigured
from infra.objects import ObjectsUnavailable
from infra.objects.buckets import ensure_bucket, forget_unfinished
from infra.objects.s3 import S3Access
from infra.objects.store import open_objects


def test_a_bucket_is_made_once(s3: S3Access) -> None:
    ensure_bucket("s3://made-once", s3)
    ensure_bucket("s3://made-once/below", s3)


def test_a_bucket_forgets_uploads_that_nobody_finished(s3: S3Access) -> None:
    ensure_bucket("s3://forgets", s3)
    assert forget_unfinished("s3://forgets", s3)
    client = Minio(s3.endpoint.removeprefix("http://"), s3.key_id, s3.secret.get_secret_value(), secure=False)
    kept = client.get_bucket_lifecycle("forgets")
    assert kept is not None
    [rule] = kept.rules
    assert rule.abort_incomplete_multipart_upload is not None
    assert rule.abort_incomplete_multipart_upload.days_after_initiation == 1


def test_a_prefix_is_a_store_of_its_own(s3: S3Access) -> None:
    ensure_bucket("s3://shared", s3)
    one, other = open_objects("s3://shared/one", s3), open_objects("s3://shared/other", s3)
    one.create("uploads/1", [b"x"])
    assert (one.keys("uploads"), other.keys("uploads")) == (["uploads/1"], [])


def test_wrong_credentials_are_told_without_repeating_them(s3: S3Access) -> None:
    wrong = dataclasses.replace(s3, secret=SecretStr("not-the-secret"))
    with pytest.raises(Misconfigured, match="refuses the bucket") as told:
        ensure_bucket("s3://refused", wrong)
    with pytest.raises(ObjectsUnavailable) as failed:
        open_objects("s3://refused", wrong).read("a")
    for said in (str(told.value), str(failed.value), repr(wrong)):
        assert "not-the-secret" not in said
    assert failed.value.__cause__ is None


def test_a_server_that_is_away_is_unavailable() -> None:
    away = S3Access("http://127.0.0.1:9", "key", SecretStr("secret"))
    with pytest.raises(ObjectsUnavailable):
        ensure_bucket("s3://bucket", away)
    with pytest.raises(ObjectsUnavailable):
        open_objects("s3://bucket", away).read("a")
