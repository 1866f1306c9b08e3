"""What a person sees of sources, and of what is in hand, with facts and answers that the test says itself."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from contracts.ids import IngestionId
from contracts.ingest import (
    CancelIngestion,
    DatasetRejected,
    IngestionCancelled,
    IngestionInHand,
    SourceRead,
)
from contracts.message import Command, Event, Message
from contracts.sources import CredentialsKept, ListSources, ReadSource, SourceKind, SourceKinds, SourceOption
from infra.clock import utc_now
from tests.builders import a_dataset_version
from tests.builders.browsers import Browser, a_browser
from tests.builders.bus import MemoryBus
from tests.builders.pages import ServedPage, a_page

pytestmark = pytest.mark.slow

ONE = IngestionId("ing-1")
KINDS = SourceKinds(
    kinds=(
        SourceKind(
            kind="lake",
            summary="Objects of a lake.",
            options=(
                SourceOption(name="url", meaning="The bucket.", required=True, example="s3://lake/"),
                SourceOption(name="pattern", meaning="Which objects.", required=False),
            ),
            secrets=(SourceOption(name="word", meaning="The word.", required=True),),
        ),
    ),
    credentials=(CredentialsKept(name="ann", kind="lake"), CredentialsKept(name="bob", kind="sql")),
)


def obeying(command: Command) -> Event | None:
    if isinstance(command, CancelIngestion):
        return IngestionCancelled(ingestion_id=IngestionId(command.ingestion_id), cancelled_at=utc_now())
    if isinstance(command, ReadSource) and command.source.options["url"] == "s3://empty/":
        return a_rejection(command.ingestion_id)
    assert isinstance(command, ReadSource)
    read = SourceRead(kind="lake", where=command.source.options["url"], files=3, new=1, lineage={"commit": "4f1c"})
    return a_dataset_version(ingestion_id=command.ingestion_id, name=command.name, number=2, source=read)


def a_rejection(ingestion_id: str) -> DatasetRejected:
    key = IngestionId(ingestion_id)
    return DatasetRejected(ingestion_id=key, name="penguins", reason="NothingThere", cause="It is empty.", cure="Look.")


def a_sign(**fields: Any) -> IngestionInHand:
    known = {"phase": "reading", "bytes": 0, "total_bytes": 1_000_000, "seconds": 0.0}
    return IngestionInHand(ingestion_id=ONE, name="readings", **{**known, **fields})


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    bus = MemoryBus(obeying)
    bus.known = {ListSources: KINDS}
    with a_page(Path(tmp_path_factory.mktemp("keys")), bus) as served:
        say(served, a_dataset_version(registered_at=utc_now()))
        yield served


@pytest.fixture
def browser(page: ServedPage) -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened
        assert opened.errors == []


def data(page: ServedPage, browser: Browser, role: str = "admin") -> Page:
    browser.tab.goto(page.login_link(role=role))
    expect(browser.tab.get_by_role("status", name="Connection")).to_have_text("Live", timeout=20_000)
    browser.tab.get_by_role("link", name="Data").click()
    return browser.tab


def say(page: ServedPage, *messages: Message) -> None:
    for message in messages:
        asyncio.run_coroutine_threadsafe(page.bus.say(message), page.loop).result(5)


def test_the_form_asks_what_the_kind_wants_to_know_and_says_what_is_missing(page: ServedPage, browser: Browser) -> None:
    tab = data(page, browser)
    tab.get_by_role("button", name="Add a source").click()
    tab.get_by_label("Kind").select_option("lake")
    read = tab.get_by_role("button", name="Read", exact=True)
    expect(tab.get_by_text("Still needed: url")).to_be_visible()
    tab.get_by_label("url").focus()
    tab.get_by_label("pattern").focus()
    expect(tab.get_by_text("Needed. The bucket.")).to_be_visible()
    assert tab.get_by_label("Credentials").locator("option").all_text_contents() == ["None", "ann"]
    tab.get_by_label("Dataset name").fill("Bad name")
    expect(tab.get_by_text("Small letters, digits, - and _ only")).to_be_visible()
    tab.get_by_label("url").fill("s3://empty/")
    expect(read).to_be_disabled()
    tab.get_by_label("Dataset name").fill("penguins")
    read.click()
    expect(tab.get_by_role("alert")).to_contain_text("It is empty. Look.")


def test_a_source_that_was_read_is_shown_as_the_version_that_it_made(page: ServedPage, browser: Browser) -> None:
    tab = data(page, browser)
    tab.get_by_role("button", name="Add a source").click()
    tab.get_by_label("Kind").select_option("lake")
    tab.get_by_label("url").fill("s3://lake/")
    tab.get_by_label("Credentials").select_option("ann")
    tab.get_by_label("Dataset name").fill("penguins")
    tab.get_by_role("button", name="Read", exact=True).click()
    expect(tab.get_by_role("heading", name="penguins")).to_be_visible()
    latest = tab.get_by_role("table", name="Versions").locator("tbody tr").first
    expect(latest).to_contain_text("s3://lake/ lake · 3 files, 1 new · commit 4f1c")
    sent = page.bus.ordered[-1]
    assert isinstance(sent, ReadSource)
    assert (sent.source.options, sent.source.credentials) == ({"url": "s3://lake/"}, "ann")


def test_what_is_in_hand_shows_how_far_it_is_and_is_cancelled(page: ServedPage, browser: Browser) -> None:
    tab = data(page, browser)
    say(page, a_sign(), a_sign(bytes=250_000, seconds=1.0))
    row = tab.get_by_role("list", name="In hand")
    expect(row).to_contain_text("250 kB of 1.0 MB · 250 kB/s · 3.0 s left")
    expect(tab.get_by_role("progressbar", name="Progress of readings")).to_have_attribute("aria-valuenow", "25")
    say(page, a_sign(bytes=1_000_000, seconds=4.0, phase="typing"))
    expect(row).to_contain_text("Finding the types")
    tab.get_by_role("button", name="Cancel readings").click()
    expect(tab.get_by_role("button", name="Cancel readings")).to_be_enabled()
    assert page.bus.ordered[-1] == CancelIngestion(ingestion_id=ONE)
    say(page, a_rejection(ONE))
    expect(row).to_have_count(0)


def test_a_viewer_sees_what_is_in_hand_and_can_neither_read_nor_cancel(page: ServedPage, browser: Browser) -> None:
    tab = data(page, browser, role="viewer")
    say(page, a_sign(seconds=1.0))
    expect(tab.get_by_role("button", name="Cancel readings")).to_be_disabled()
    expect(tab.get_by_role("button", name="Add a source")).to_be_disabled()
    say(page, a_rejection(ONE))
