from typing import Any

import pytest
from pydantic import ValidationError

from services.ingest.sources.git import GitCredentials, GitOptions

URL = "https://git.example.com/team/flights.git"
TOKEN = "the-token-of-ana"


def options(**said: Any) -> GitOptions:
    return GitOptions.model_validate({"url": URL, **said})


def test_where_it_reads_is_said_for_a_person() -> None:
    assert options().where == f"{URL} at HEAD: /"
    assert options(path="/data/", pattern="*.csv", revision="v1").where == f"{URL} at v1: data/*.csv"


@pytest.mark.parametrize("url", [URL, f"{URL}/", URL.removesuffix(".git")])
def test_large_files_are_where_git_looks_first_unless_it_is_said(url: str) -> None:
    assert options(url=url).lfs == f"{URL}/info/lfs"
    assert options(url=url, lfs_url="http://localhost/lfs/flights/").lfs == "http://localhost/lfs/flights"


@pytest.mark.parametrize("revision", ["main", "topic/one", "v1.0", "a" * 40, "HEAD", "a@b", "ünï"])
def test_branches_tags_and_commits_are_revisions(revision: str) -> None:
    assert options(revision=revision).revision == revision


@pytest.mark.parametrize(
    "revision",
    ["", "-x", "+main", "a..b", "a:b", "main~1", "main^", "a b", "a\nb", "@{u}", "*", "a?", "[a", "\\", "/a"],
)
def test_what_is_more_than_a_name_is_no_revision(revision: str) -> None:
    with pytest.raises(ValidationError):
        options(revision=revision)


@pytest.mark.parametrize(
    "url",
    ["", "file:///etc", "ssh://git@host/x", "git@host:x", "-u", "https://", "https://h/x\n", "https://h/x?y", "https://h#z",
     f"https://{TOKEN}@h/x", f"https://ana:{TOKEN}@h/x", "ext::sh", "http://h/ x"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        options(url=url)
    said = refused.value.errors(include_url=False, include_input=False, include_context=False)
    assert TOKEN not in str(said)


def test_credentials_do_not_show_what_they_hold() -> None:
    credentials = GitCredentials.model_validate({"token": TOKEN, "lfs_token": TOKEN})
    assert TOKEN not in repr(credentials)
    assert TOKEN not in credentials.model_dump_json()


@pytest.mark.parametrize("user", ["", "a:b", "a b", "a\nb"])
def test_a_user_has_a_name(user: str) -> None:
    with pytest.raises(ValidationError):
        GitCredentials.model_validate({"user": user, "token": TOKEN})
