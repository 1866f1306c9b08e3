from collections.abc import Iterable

import pytest
from obstore.store import MemoryStore
from pydantic import SecretStr

from contracts.errors import Misconfigured
from infra.objects.buckets import prove_create_once
from infra.objects.s3 import S3Access
from infra.objects.store import Store, open_objects


class Careless(Store):
    """A store as some S3 servers are: it overwrites what must be created once."""

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        self.delete(key)
        return super().create(key, chunks)


def test_a_store_that_lets_a_second_writer_through_is_refused() -> None:
    with pytest.raises(Misconfigured, match="second writer"):
        prove_create_once(Careless(MemoryStore()))


@pytest.mark.parametrize("url", ["ftp://somewhere", "objects", "", "s3://"])
def test_an_address_of_no_store_is_told_at_start(url: str) -> None:
    with pytest.raises(Misconfigured):
        open_objects(url, S3Access("http://s3", "key", SecretStr("secret")))


@pytest.mark.parametrize(
    "access", [None, S3Access("", "key", SecretStr("s")), S3Access("http://s3", "k", SecretStr(""))]
)
def test_s3_without_credentials_is_told_at_start(access: S3Access | None) -> None:
    with pytest.raises(Misconfigured, match="s3_key_id"):
        open_objects("s3://bucket", access)


def test_credentials_are_blotted_out() -> None:
    access = S3Access("https://s3", "the-key", SecretStr("the-secret"))
    assert access.hidden_in("signed with the-key and the-secret") == "signed with *** and ***"
