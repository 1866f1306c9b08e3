"""The source ``git`` against Git's own server: what is there, what it is known by, and what is refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import Refusal, Unavailable
from services.ingest.connectors import Connectors, options_of
from services.ingest.domain.git_errors import (
    GitMissing,
    PathNotInRevision,
    RepositoryForbidden,
    RepositoryMoved,
    RepositoryUnknown,
    RevisionUnknown,
)
from services.ingest.domain.source_errors import WrongOptions
from services.ingest.sources import Files
from services.ingest.sources.git import GitCredentials, GitSource
from tests.builders.repositories import Repository, repository

CSV = b"carrier,delay\nAA,3\nUA,5\n"
LARGE = b"carrier,delay\n" + b"AA,3\nUA,5\n" * 200_000
TOKEN = "the-token-of-ana"


@pytest.fixture
def flights(tmp_path: Path) -> Iterator[Repository]:
    with repository(tmp_path / "repository") as served:
        yield served


def found(served: Repository, credentials: GitCredentials | None = None, **said: str) -> tuple[Files, dict[str, bytes]]:
    """Return what the source finds, and each file as it reads it, twice."""
    source = GitSource()
    options: Any = options_of(source, {"url": served.url, **said})
    with source.open(options, credentials) as files:
        read = {file.name: b"".join(file.open()) for file in files.files}
        assert {file.name: b"".join(file.open()) for file in files.files} == read
        return files, read


def refusal(served: Repository, credentials: GitCredentials | None = None, **said: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        found(served, credentials, **said)
    return refused.value


def test_it_is_found_by_its_entry_point() -> None:
    assert Connectors().of("git").kind == "git"


def test_a_file_is_read_at_the_default_branch_and_says_its_commit(flights: Repository) -> None:
    commit = flights.commit({"data/small.csv": CSV, "data/large.csv": LARGE})
    files, read = found(flights, path="data/small.csv")
    assert read == {"data/small.csv": CSV}
    assert files.lineage == {"commit": commit, "committed_at": "2026-11-24T12:00:00+00:00", "revision": "HEAD"}


def test_a_folder_is_read_by_a_pattern_in_the_order_of_names(flights: Repository) -> None:
    flights.commit({"data/b.csv": CSV, "data/a.csv": LARGE, "data/.hidden": b"x", "data/notes.txt": b"x", "c.csv": CSV})
    assert list(found(flights, path="data/")[1].items()) == [
        ("data/a.csv", LARGE), ("data/b.csv", CSV), ("data/notes.txt", b"x"),
    ]  # fmt: skip
    assert list(found(flights, pattern="**/*.csv")[1]) == ["c.csv", "data/a.csv", "data/b.csv"]
    assert list(found(flights, path="data", pattern="*.csv")[1]) == ["data/a.csv", "data/b.csv"]
    assert found(flights, path="data", pattern="*.parquet")[1] == {}


def test_a_branch_a_tag_and_a_commit_are_revisions(flights: Repository) -> None:
    first = flights.commit({"a.csv": CSV})
    flights.git("tag", "--annotate", "v1", "--message", "First")
    flights.git("push", "--quiet", str(flights.bare), "v1", "HEAD:refs/heads/topic/one")
    second = flights.commit({"a.csv": LARGE})
    for revision, commit in {"v1": first, "topic/one": first, first: first, "main": second, "HEAD": second}.items():
        assert found(flights, path="a.csv", revision=revision)[0].lineage["commit"] == commit


def test_what_is_large_is_fetched_when_it_is_read_and_not_before(flights: Repository) -> None:
    flights.commit({"a.csv": LARGE, "b.csv": LARGE + b"AA,1\n"})
    source = GitSource()
    options: Any = options_of(source, {"url": flights.url, "path": "a.csv"})
    with source.open(options, None) as files:
        looked = len(flights.asked)
        assert b"".join(files.files[0].open()) == LARGE
        assert len(flights.asked) > looked


def test_many_large_files_are_fetched_together(flights: Repository) -> None:
    flights.commit({f"{number:03}.csv": LARGE[: 2000 + number] for number in range(300)})
    source = GitSource()
    options: Any = options_of(source, {"url": flights.url})
    with source.open(options, None) as files:
        looked = len(flights.asked)
        assert [len(b"".join(file.open())) for file in files.files] == list(range(2000, 2300))
        assert 2 <= len(flights.asked) - looked <= 4


def test_the_same_bytes_have_the_same_identity_in_another_commit(flights: Repository) -> None:
    flights.commit({"a.csv": CSV})
    before = found(flights, path="a.csv")[0]
    flights.commit({"b.csv": CSV})
    after = found(flights, path="a.csv")[0]
    assert before.lineage["commit"] != after.lineage["commit"]
    assert before.files[0].identity == after.files[0].identity


def test_a_server_that_sends_everything_is_read_too(flights: Repository) -> None:
    flights.git("config", "uploadpack.allowFilter", "false", at=flights.bare)
    flights.commit({"a.csv": LARGE})
    assert found(flights, path="a.csv")[1] == {"a.csv": LARGE}


def test_links_and_other_repositories_are_no_files(flights: Repository) -> None:
    (flights.work / "link.csv").symlink_to("/etc/passwd")
    flights.commit({"a.csv": CSV})
    assert list(found(flights)[1]) == ["a.csv"]
    assert isinstance(refusal(flights, path="link.csv"), PathNotInRevision)


def test_what_is_not_there_is_said_in_words(flights: Repository) -> None:
    flights.commit({"a.csv": CSV})
    assert isinstance(refusal(flights, revision="nowhere"), RevisionUnknown)
    assert isinstance(refusal(flights, revision="0" * 40), RevisionUnknown)
    assert "no file or folder b.csv" in str(refusal(flights, path="b.csv"))
    assert isinstance(refusal(flights, url=flights.url.replace("flights", "trains")), RepositoryUnknown)


def test_an_empty_repository_has_no_revision(flights: Repository) -> None:
    assert isinstance(refusal(flights), RevisionUnknown)


def test_a_token_opens_a_closed_repository_and_no_message_repeats_it(flights: Repository) -> None:
    flights.commit({"a.csv": CSV})
    flights.token = TOKEN
    assert found(flights, GitCredentials(token=TOKEN))[1] == {"a.csv": CSV}  # type: ignore[arg-type]
    assert "none were named" in str(refusal(flights))
    wrong = refusal(flights, GitCredentials(token=f"not-{TOKEN}"))  # type: ignore[arg-type]
    assert isinstance(wrong, RepositoryForbidden)
    assert TOKEN not in str(wrong)


def test_a_server_that_is_away_is_unavailable(flights: Repository, tmp_path: Path) -> None:
    with repository(tmp_path / "another") as gone:
        pass
    with pytest.raises(Unavailable, match="git fetch failed"):
        found(gone)


@pytest.mark.parametrize(
    "said",
    [
        {"url": "file:///etc"}, {"url": "/etc"}, {"url": "ssh://git@host/x"}, {"url": "ext::sh -c true"},
        {"url": "--upload-pack=true"}, {"url": f"http://ana:{TOKEN}@127.0.0.1/x.git"}, {"url": "https://h/x y"},
        {"revision": "--output=/tmp/x"}, {"revision": "a:b"}, {"revision": "+main"}, {"revision": "a..b"},
        {"revision": "main^"}, {"revision": ""}, {"path": "--help"}, {"path": "../secret"}, {"path": "a/../../b"},
        {"lfs_url": "file:///etc"}, {"unknown": "x"},
    ],
)  # fmt: skip
def test_what_could_be_more_than_a_name_is_refused_and_not_repeated(flights: Repository, said: dict[str, str]) -> None:
    refused = refusal(flights, None, **said)
    assert isinstance(refused, WrongOptions)
    assert TOKEN not in str(refused)
    assert flights.asked == []


def test_an_address_that_leads_elsewhere_is_not_followed(flights: Repository, tmp_path: Path) -> None:
    flights.commit({"a.csv": CSV})
    flights.moved_to = "http://127.0.0.1:9/other.git"
    assert isinstance(refusal(flights), RepositoryMoved)


def test_without_the_command_it_says_what_to_install(flights: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    refused = refusal(flights)
    assert isinstance(refused, GitMissing)
    assert "apt-get install -y git" in refused.cure


def test_nothing_is_left_in_the_scratch_folder(flights: Repository, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    flights.commit({"a.csv": LARGE})
    source = GitSource(scratch)
    options: Any = options_of(source, {"url": flights.url})
    with source.open(options, None) as files:
        pieces = files.files[0].open()
        assert next(pieces)
        assert [made.name.startswith("trackside-git-") for made in scratch.iterdir()] == [True]
    assert list(scratch.iterdir()) == []
