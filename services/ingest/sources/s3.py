"""Objects below a prefix of an S3 store: Amazon's own, MinIO, SeaweedFS, and others that speak it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import InvalidPathError, PreconditionError
from obstore.store import S3Store
from pydantic import Field, SecretStr, field_validator

from services.ingest.domain.content import is_readable
from services.ingest.domain.s3_errors import NobodyAsks, UnreadableKeys
from services.ingest.domain.source_errors import NothingThere
from services.ingest.sources import Credentials, File, Files, Options
from services.ingest.sources.globs import glob, is_plain
from services.ingest.sources.s3_answers import ObjectChanged, Place, said_no

if TYPE_CHECKING:
    from obstore.store import S3Credential

_PIECE = 4 * 1024 * 1024
_URL = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")


class S3Options(Options):
    """Where the objects lie."""

    url: str = Field(examples=["s3://sales/2026"])
    """The bucket and the prefix: all objects below it are one table."""
    pattern: str | None = Field(default=None, examples=["**/*.parquet"])
    """Which of them: * stands for any part of a name, ** for any folders; all of known endings if unset."""
    endpoint: str | None = Field(default=None, examples=["http://minio:9000"])
    """Address of the store; Amazon's if unset."""
    region: str = Field(default="us-east-1", examples=["eu-central-1"])
    """The region that the bucket lies in."""
    anonymous: bool = Field(default=False, examples=["true"])
    """Whether everybody may read it, so that nothing need be proven."""

    @property
    def where(self) -> str:
        """Return the url and the pattern, and the store if it is not Amazon's."""
        below = f"/{self.pattern}" if self.pattern else ""
        return f"{self.url.rstrip('/')}{below}{f' at {self.endpoint}' if self.endpoint else ''}"

    @property
    def place(self) -> Place:
        """Return the bucket and the prefix."""
        found = _URL.fullmatch(self.url)
        assert found is not None
        return Place(found[1], (found[2] or "").strip("/"), self.region, self.endpoint)

    @field_validator("url")
    @classmethod
    def _names_a_bucket(cls, url: str) -> str:
        if not _URL.fullmatch(url):
            raise ValueError(
                "write s3://bucket or s3://bucket/prefix, with a bucket of 3 to 63 small letters, digits, - ."
            )
        return url

    @field_validator("endpoint")
    @classmethod
    def _is_an_address(cls, endpoint: str | None) -> str | None:
        parts = urlsplit(endpoint or "https://amazon")
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or "@" in parts.netloc:
            raise ValueError("write http://host:port or https://host:port; credentials have a name of their own")
        return endpoint.rstrip("/") if endpoint else None


class S3Credentials(Credentials):
    """A key to the store."""

    key_id: str = Field(examples=["AKIA..."])
    """The public half of the key."""
    secret: SecretStr
    """Its secret half."""
    session_token: SecretStr | None = None
    """What belongs to a key that is good for some hours only."""


class S3:
    """Reads objects over S3; nothing is asked for but their list and their bytes."""

    kind: ClassVar[str] = "s3"
    summary: ClassVar[str] = "All objects below a prefix of an S3 store, such as Amazon S3 or MinIO, as one table."
    options: ClassVar[type[Options]] = S3Options
    credentials: ClassVar[type[Credentials] | None] = S3Credentials

    @contextmanager
    def open(self, options: S3Options, credentials: S3Credentials | None) -> Iterator[Files]:
        """List what is there; each object is read only if it is what was listed."""
        if credentials is None and not options.anonymous:
            raise NobodyAsks(options.where)
        place = options.place
        store = _store(place, None if options.anonymous else credentials)
        found = [*_listed(store, place, options)]
        if not found:
            raise NothingThere(
                options.where,
                "Check the prefix, which names whole folders, and the pattern; without one, only files are read whose "
                "ending is of a known format.",
            )
        yield Files(sorted(found, key=lambda file: file.name))


def _listed(store: S3Store, place: Place, options: S3Options) -> Iterator[File]:
    matches = glob(options.pattern) if options.pattern else is_plain
    try:
        with said_no(place, f"list {options.url}"):
            for page in obstore.list(store, place.prefix or None):
                for meta in page:
                    name = meta["path"].removeprefix(place.prefix).lstrip("/")
                    if matches(name) and not _is_folder(name, meta["size"]):
                        yield _file(store, place, name, meta)
            if place.prefix and options.pattern is None and is_readable(place.prefix):
                yield from _itself(store, place)
    except InvalidPathError:
        raise UnreadableKeys(options.url) from None


def _itself(store: S3Store, place: Place) -> Iterator[File]:
    """The prefix may be an object's whole key."""
    try:
        meta = obstore.head(store, place.prefix)
    except FileNotFoundError:
        return
    yield _file(store, place, PurePosixPath(place.prefix).name, meta)


def _is_folder(name: str, size: int) -> bool:
    """Whether it is the empty object that some programs write for a folder."""
    return size == 0 and not PurePosixPath(name).suffix


def _file(store: S3Store, place: Place, name: str, meta: Mapping[str, Any]) -> File:
    return File(name, meta["size"], meta["e_tag"], partial(_bytes, store, place, meta["path"], meta["e_tag"]))


def _bytes(store: S3Store, place: Place, key: str, tag: str | None) -> Iterator[bytes]:
    try:
        with said_no(place, f"read {key}"):
            got = obstore.get(store, key, options={"if_match": tag} if tag else {})
            for piece in got.stream(min_chunk_size=_PIECE):
                yield bytes(piece)
    except (FileNotFoundError, PreconditionError):
        raise ObjectChanged(f"{key} changed at {place.store} while it was about to be read") from None


def _store(place: Place, credentials: S3Credentials | None) -> S3Store:
    # A provider, since of single values those that are not given would be taken from this process's environment.
    asked: dict[str, Any] = {"skip_signature": credentials is None}
    if credentials is not None:
        asked["credential_provider"] = partial(_proof, credentials)
    if place.endpoint is not None:
        asked["endpoint"] = place.endpoint
    return S3Store(
        place.bucket,
        region=place.region,
        virtual_hosted_style_request=place.endpoint is None,
        client_options={
            "allow_http": (place.endpoint or "").startswith("http://"),
            "connect_timeout": timedelta(seconds=5),
            # It bounds a whole transfer, body included: the default of 30 s would cut a large object.
            "timeout": timedelta(hours=1),
        },
        # The bus retries a message with back-off, so a request need not try for long.
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
        **asked,
    )


def _proof(credentials: S3Credentials) -> "S3Credential":
    token = credentials.session_token
    return {
        "access_key_id": credentials.key_id,
        "secret_access_key": credentials.secret.get_secret_value(),
        "token": token.get_secret_value() if token else None,
        "expires_at": None,
    }
