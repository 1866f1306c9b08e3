"""Addresses of databases: no secret in them, and none in what is said about a wrong one."""

import pytest

from services.ingest.sources.database_url import database_url


def test_user_and_password_are_escaped_where_libpq_reads_them() -> None:
    address = database_url("postgresql://db:5432/sales?sslmode=require").for_user("a@b", "p/w:?")
    assert address.startswith("postgresql://a%40b:p%2Fw%3A%3F@db:5432/sales?")
    assert "sslmode=require" in address


def test_nobody_is_named_where_there_are_no_credentials() -> None:
    assert database_url("postgres://db/sales").for_user(None, None).startswith("postgresql://db/sales?")


@pytest.mark.parametrize(
    "url",
    ["postgresql://a:hidden@db/sales", "postgresql://db/sales?password=hidden", "postgresql://db", "mysql://hidden/x",
     "sqlite://hidden", "sqlite:///", "hidden", "postgresql:///sales?host=hidden"],
)  # fmt: skip
def test_an_address_that_is_not_read_or_holds_a_secret_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"^[^h]*(?:h(?!idden)[^h]*)*$"):
        database_url(url)


def test_a_file_is_named_from_its_folder_or_from_the_root() -> None:
    assert str(database_url("sqlite:///a/b%20c.db").file) == "a/b c.db"
    assert str(database_url("duckdb:////a.db").file) == "/a.db"
