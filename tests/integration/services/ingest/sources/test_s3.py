"""Objects of a real S3 server become a dataset version, or it is said why not."""

import io
import random
import re
import socket
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from time import perf_counter
from typing import Any

import obstore
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from minio import Minio
from obstore.store import S3Store
from pydantic import SecretStr

from contracts.errors import Refusal
from contracts.ingest import DatasetVersionRegistered, RegisterDataset
from contracts.sources import SourceAsked
from infra.objects.s3 import S3Access
from services.ingest.domain.registration import registered
from services.ingest.domain.s3_errors import (
    BucketMissing,
    CredentialsRefused,
    NobodyAsks,
    NotAllowed,
    UnreadableKeys,
    WrongRegion,
)
from services.ingest.domain.source_errors import NothingThere, SourceAway, WrongOptions
from services.ingest.domain.table import Taken
from services.ingest.reader import SourceReader
from services.ingest.sources.s3 import S3, S3Credentials, S3Options
from services.ingest.sources.s3_answers import ObjectChanged
from tests.integration.services.ingest.sources.conftest import GUEST, OWNER, s3_bucket


def asked(store: S3Access, url: str = "s3://sales", credentials: str | None = "owner", **options: str) -> SourceAsked:
    return SourceAsked(kind="s3", options={"url": url, "endpoint": store.endpoint, **options}, credentials=credentials)


def fact_of(taken: Taken) -> DatasetVersionRegistered:
    command = RegisterDataset(ingestion_id="1", name="sales", upload="uploads/1", filename="s3")
    return registered(command, taken.table, None, None, datetime(2026, 11, 24, tzinfo=UTC), taken.source)


def parquet(**columns: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_objects_below_a_prefix_are_one_version_in_the_order_of_their_names(
    reader: SourceReader, foreign: S3Access, bucket: S3Store
) -> None:
    keys = [f"2026/{number:02}.csv" for number in range(12)]
    random.Random(0).shuffle(keys)
    for key in keys:
        obstore.put(bucket, key, f"n\n{key[5:7]}.5\n".encode())
    for key in ("2026/_SUCCESS", "2026/.part.csv", "2026/notes.md", "2026-old/a.csv", "2025/a.csv"):
        obstore.put(bucket, key, b"x\n1\n")
    taken = reader.read(asked(foreign, "s3://sales/2026"), None)
    assert (taken.source.files, taken.source.new, taken.source.kind) == (12, 12, "s3")
    assert taken.source.where == f"s3://sales/2026 at {foreign.endpoint}"
    assert taken.table.rows == 12
    one = b"n\n" + b"".join(f"{number:02}.5\n".encode() for number in range(12))
    obstore.put(bucket, "one/all.csv", one)
    assert reader.read(asked(foreign, "s3://sales/one/all.csv"), None).table.version == taken.table.version
    assert reader.read(asked(foreign, "s3://sales/one/"), None).table.version == taken.table.version


def test_a_pattern_chooses_and_folders_are_columns(reader: SourceReader, foreign: S3Access, bucket: S3Store) -> None:
    for month in ("01", "02"):
        obstore.put(bucket, f"year=2026/month={month}/ü #1.parquet", parquet(a=[int(month)] * 2))
        obstore.put(bucket, f"year=2026/month={month}/b.csv", b"b\n1\n")
    taken = reader.read(asked(foreign, pattern="**/*.parquet"), None)
    columns = [(column.name, column.type, column.distinct) for column in taken.table.columns]
    assert columns == [("a", "integer", 2), ("year", "integer", 1), ("month", "integer", 2)]
    assert (taken.table.rows, taken.source.files) == (4, 2)


def test_new_and_changed_objects_are_counted_and_an_unchanged_prefix_is_not_read(
    reader: SourceReader, foreign: S3Access, bucket: S3Store
) -> None:
    for name in "abc":
        obstore.put(bucket, f"open/{name}.csv", b"n\n1\n2\n")
    first = reader.read(asked(foreign, "s3://sales/open"), None)
    before = fact_of(first)
    obstore.put(bucket, "closed.csv", b"n\n1\n")
    again = reader.read(asked(foreign, "s3://sales/open"), before)
    assert (again.source.files, again.source.new, again.table) == (3, 0, first.table)
    obstore.put(bucket, "open/b.csv", b"n\n1\n7\n")
    obstore.put(bucket, "open/aa.csv", b"n\n1\n")  # sorts before keys that are known
    changed = reader.read(asked(foreign, "s3://sales/open"), before)
    assert (changed.source.files, changed.source.new, changed.table.rows) == (4, 2, 7)
    assert changed.table.version != first.table.version


def test_a_bucket_that_is_open_to_everybody_is_read_without_credentials(
    reader: SourceReader, foreign: S3Access
) -> None:
    obstore.put(s3_bucket(foreign, "public"), "a.csv", b"n\n1\n2\n")
    taken = reader.read(asked(foreign, "s3://public", None, anonymous="true"), None)
    assert taken.table.rows == 2


def test_what_the_environment_of_the_process_says_proves_nothing(
    reader: SourceReader, foreign: S3Access, bucket: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    obstore.put(bucket, "a.csv", b"n\n1\n2\n")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", OWNER["key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", OWNER["secret"])
    with pytest.raises(NotAllowed):
        reader.read(asked(foreign, credentials=None, anonymous="true"), None)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "somebody-elses")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    assert reader.read(asked(foreign), None).table.rows == 2


@pytest.mark.parametrize(
    ("url", "credentials", "options", "refusal", "said"),
    [
        ("s3://nowhere", "owner", {}, BucketMissing, "There is no bucket nowhere at http://127.0.0.1"),
        ("s3://sales", "wrong", {}, CredentialsRefused, "SignatureDoesNotMatch"),
        ("s3://sales", "stranger", {}, CredentialsRefused, "InvalidAccessKeyId"),
        ("s3://sales", None, {"anonymous": "true"}, NotAllowed, "Who asks may not list s3://sales at"),
        ("s3://sales", None, {}, NobodyAsks, "Nothing says who asks for s3://sales"),
        ("s3://sales", "guest", {}, NotAllowed, "Who asks may not read closed/b.csv at"),
        ("s3://sales/empty", "owner", {}, NothingThere, "nothing to read at s3://sales/empty"),
        ("s3://sales", "owner", {"pattern": "*.csv"}, NothingThere, "nothing to read at s3://sales/*.csv"),
        ("sales", "owner", {}, WrongOptions, "write s3://bucket"),
        ("s3://Sales", "owner", {}, WrongOptions, "write s3://bucket"),
        ("s3://sales", "owner", {"endpoint": "http://me:pa55@store:9000"}, WrongOptions, "write http://host:port"),
        ("s3://sales", "owner", {"anonymous": "perhaps"}, WrongOptions, "anonymous:"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_without_a_secret(
    reader: SourceReader,
    foreign: S3Access,
    bucket: S3Store,
    url: str,
    credentials: str | None,
    options: dict[str, str],
    refusal: type[Refusal],
    said: str,
) -> None:
    for key in ("open/a.csv", "closed/b.csv"):
        obstore.put(bucket, key, b"n\n1\n2\n")
    with pytest.raises(refusal) as caught:
        reader.read(asked(foreign, url, credentials, **options), None)
    told = str(caught.value)
    assert said in told
    assert not re.search(f"{OWNER['secret']}|{GUEST['secret']}|secret-|no-secret|not-the|pa55|Signature=", told)
    assert caught.value.__cause__ is None


def test_a_store_that_is_away_is_refused_so_that_nobody_waits_for_it(reader: SourceReader, foreign: S3Access) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    with pytest.raises(SourceAway, match=re.escape(f"{endpoint} does not list s3://sales")):
        reader.read(asked(foreign, endpoint=endpoint), None)


def test_an_object_that_changes_after_it_was_listed_is_not_read(foreign: S3Access, bucket: S3Store) -> None:
    options = S3Options(url="s3://sales", endpoint=foreign.endpoint)
    for name in "ab":
        obstore.put(bucket, f"{name}.csv", b"n\n1\n2\n")
    with S3().open(options, S3Credentials.model_validate(OWNER)) as found:
        obstore.put(bucket, "a.csv", b"n\n1\n3\n")
        obstore.delete(bucket, "b.csv")
        for file in found.files:
            with pytest.raises(ObjectChanged, match=f"{file.name} changed"):
                list(file.open())


def test_the_marks_of_folders_are_no_files(reader: SourceReader, foreign: S3Access, bucket: S3Store) -> None:
    obstore.put(bucket, "in/a.csv", b"n\n1\n2\n")
    client = Minio(foreign.endpoint.split("//")[1], OWNER["key_id"], OWNER["secret"], secure=False)
    for key in ("in/", "in/sub/"):
        client.put_object("sales", key, io.BytesIO(), 0)
    assert reader.read(asked(foreign, "s3://sales/in", pattern="**"), None).source.files == 1


@pytest.mark.parametrize(
    ("status", "key", "refusal"),
    [(200, "a//b.csv", UnreadableKeys), (200, "a/../b.csv", UnreadableKeys), (301, "", WrongRegion)],
)
def test_what_only_other_stores_answer_is_refused_too(
    reader: SourceReader, status: int, key: str, refusal: type[Refusal]
) -> None:
    listed = (
        f"<ListBucketResult><Name>sales</Name><IsTruncated>false</IsTruncated><Contents><Key>{key}</Key>"
        "<LastModified>2026-11-24T00:00:00.000Z</LastModified><ETag>1</ETag><Size>4</Size></Contents></ListBucketResult>"
    )

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(listed)))
            self.end_headers()
            self.wfile.write(listed.encode())

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        access = S3Access(f"http://127.0.0.1:{server.server_port}", "", SecretStr(""))
        with pytest.raises(refusal):
            reader.read(asked(access), None)
        server.shutdown()
        thread.join()


def test_a_key_may_hold_any_character(reader: SourceReader, foreign: S3Access, bucket: S3Store) -> None:
    obstore.put(bucket, "in/a%20b+c&d=e/1;2.csv", b"n\n1\n2\n")
    assert reader.read(asked(foreign), None).table.rows == 2


@pytest.mark.timeout(600)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_thousand_small_objects_are_one_version(
    reader: SourceReader, foreign: S3Access, bucket: S3Store, ending: str, record_property: Any
) -> None:
    rows = 100
    for number in range(1_000):
        first = number * rows
        if ending == "csv":
            data = "n,x,s\n" + "".join(f"{n},{n}.5,name {n % 7}\n" for n in range(first, first + rows))
            obstore.put(bucket, f"many/{number:05}.csv", data.encode())
        else:
            numbers = list(range(first, first + rows))
            table = parquet(n=numbers, x=[n + 0.5 for n in numbers], s=[f"name {n % 7}" for n in numbers])
            obstore.put(bucket, f"many/{number:05}.parquet", table)
    begun = perf_counter()
    taken = reader.read(asked(foreign, "s3://sales/many"), None)
    read = perf_counter() - begun
    again = reader.read(asked(foreign, "s3://sales/many"), fact_of(taken))
    listed = perf_counter() - begun - read
    record_property("figures", f"1,000 {ending} objects: {read:.1f} s in one version, {listed:.2f} s when unchanged")
    assert (taken.table.rows, taken.source.files, again.source.new) == (100_000, 1_000, 0)
    assert read < 120
    assert listed < 10
