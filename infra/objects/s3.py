"""How an S3 store is reached: the address and the credentials, which no message ever repeats."""

from dataclasses import dataclass
from datetime import timedelta

from obstore.store import S3Store
from pydantic import SecretStr

from contracts.errors import Misconfigured
from infra.settings import StateSettings


@dataclass(frozen=True)
class S3Access:
    """Where an S3 server answers, and as whom to ask it."""

    endpoint: str
    """Address with its scheme, such as ``http://object-store:9000``."""
    key_id: str
    secret: SecretStr
    region: str = "us-east-1"

    @property
    def secure(self) -> bool:
        """Whether the connection is encrypted."""
        return self.endpoint.startswith("https://")

    def hidden_in(self, text: str) -> str:
        """Return ``text`` with these credentials blotted out."""
        for word in (self.secret.get_secret_value(), self.key_id):
            text = text.replace(word, "***") if word else text
        return text


def s3_access_of(settings: StateSettings) -> S3Access:
    """Return the S3 address and credentials in a process's settings."""
    return S3Access(settings.s3_endpoint, settings.s3_key_id, settings.s3_secret, settings.s3_region)


def bucket_of(url: str) -> tuple[str, str]:
    """Return the bucket and the prefix that ``s3://bucket/prefix`` names.

    Raises:
        Misconfigured: if it names no bucket.
    """
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    if not bucket:
        raise Misconfigured(f"objects_url {url} names no bucket; write s3://<bucket>")
    return bucket, prefix.strip("/")


def s3_store(url: str, access: S3Access | None) -> S3Store:
    """Return the S3 store at ``url``; nothing is asked of it yet.

    Raises:
        Misconfigured: if the address or the credentials are not set.
    """
    if access is None or not (access.endpoint and access.key_id and access.secret.get_secret_value()):
        raise Misconfigured(f"objects_url is {url}, so s3_endpoint, s3_key_id and s3_secret must be set as well")
    bucket, prefix = bucket_of(url)
    return S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=access.endpoint,
        access_key_id=access.key_id,
        secret_access_key=access.secret.get_secret_value(),
        region=access.region,
        virtual_hosted_style_request=False,
        client_options={
            "allow_http": not access.secure,
            "connect_timeout": timedelta(seconds=5),
            # It bounds a whole transfer, body included: the default of 30 s would cut a large object.
            "timeout": timedelta(minutes=10),
        },
        # The bus retries a message with back-off, so a request need not try for long.
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )
