"""What a store needs before its first use: a bucket (by the minio client), a sweep, proof that it keeps its word."""

from pathlib import Path
from uuid import uuid4

import urllib3
from minio import Minio
from minio.commonconfig import ENABLED, Filter
from minio.error import MinioException, S3Error
from minio.lifecycleconfig import AbortIncompleteMultipartUpload, LifecycleConfig, Rule

from contracts.errors import Misconfigured
from infra.objects import Objects, ObjectsUnavailable
from infra.objects.folder import sweep
from infra.objects.s3 import S3Access, bucket_of, s3_access_of
from infra.objects.store import objects_of
from infra.settings import StateSettings

_UNFINISHED_DAYS = 1
_OURS_ALREADY = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


def prepared_objects(settings: StateSettings) -> Objects:
    """Return the store that a process's settings name, made ready for every process that will use it.

    Raises:
        Misconfigured: if it cannot be used.
        ObjectsUnavailable: if it does not answer.
    """
    url = settings.objects_url
    objects = objects_of(settings)
    if url.startswith("s3://"):
        ensure_bucket(url, s3_access_of(settings))
    if url.startswith("file://"):
        sweep(Path(url.removeprefix("file://")))
    prove_create_once(objects)
    return objects


def ensure_bucket(url: str, access: S3Access) -> None:
    """Make the bucket that ``url`` names, unless it is there.

    Raises:
        Misconfigured: if the server refuses these credentials.
        ObjectsUnavailable: if the server does not answer.
    """
    bucket, _ = bucket_of(url)
    client = _client(access)
    try:
        if not client.bucket_exists(bucket):
            client.make_bucket(bucket)
    except S3Error as error:
        if error.code not in _OURS_ALREADY:  # another process may have made it meanwhile
            raise Misconfigured(
                f"{access.endpoint} refuses the bucket {bucket}: {error.code}; "
                "check s3_key_id, s3_secret and their rights"
            ) from None
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise ObjectsUnavailable(f"{access.endpoint} does not answer: {access.hidden_in(str(error))}") from None


def forget_unfinished(url: str, access: S3Access) -> bool:
    """Have the store drop the parts of uploads that nobody finished within a day; return whether it knows how to.

    Raises:
        ObjectsUnavailable: if the server does not answer.
    """
    bucket, _ = bucket_of(url)
    forgetting = Rule(
        ENABLED,
        rule_id="forget-unfinished-uploads",
        rule_filter=Filter(prefix=""),
        abort_incomplete_multipart_upload=AbortIncompleteMultipartUpload(days_after_initiation=_UNFINISHED_DAYS),
    )
    try:
        _client(access).set_bucket_lifecycle(bucket, LifecycleConfig([forgetting]))
    except S3Error:
        return False  # a store without lifecycles only keeps what it could do without
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise ObjectsUnavailable(f"{access.endpoint} does not answer: {access.hidden_in(str(error))}") from None
    return True


def prove_create_once(objects: Objects) -> None:
    """Write one key twice and see the second refused.

    Some stores ignore the condition in silence; on them two writers would both believe to be the first.

    Raises:
        Misconfigured: if the store let the second write through.
    """
    key = f"probes/{uuid4().hex}"
    try:
        first, second = objects.create(key, [b"first"]), objects.create(key, [b"second"])
        kept = objects.read(key)
    finally:
        objects.delete(key)
    if not first or second or kept != b"first":
        raise Misconfigured(
            "this object store lets a second writer overwrite a key that must be created once "
            "(If-None-Match is ignored); "
            "use MinIO, SeaweedFS 4.18 or later, or another store with conditional writes"
        )


def _client(access: S3Access) -> Minio:
    return Minio(
        access.endpoint.split("://", 1)[-1],
        access_key=access.key_id,
        secret_key=access.secret.get_secret_value(),
        secure=access.secure,
        region=access.region,  # else each call asks the server for it first
        http_client=urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=5, read=30), retries=urllib3.Retry(total=2, backoff_factor=0.2)
        ),
    )
