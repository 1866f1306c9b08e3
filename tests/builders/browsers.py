"""A headless Chromium that remembers whom it asked, and what went wrong in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

_QUIET = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--disable-sync", "--no-default-browser-check",
)  # fmt: skip


@dataclass
class Browser:
    """One tab, and what it did."""

    tab: Page
    hosts: set[str] = field(default_factory=set)
    """Host and port of every request and websocket."""
    errors: list[str] = field(default_factory=list)
    """Errors that no code of the page caught."""


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Open a tab of Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(_QUIET))
        tab = chromium.new_context(viewport={"width": 1440, "height": 1080}).new_page()
        browser = Browser(tab)
        tab.on("request", lambda request: _note(browser, request.url))
        tab.on("websocket", lambda socket: _note(browser, socket.url))
        tab.on("pageerror", lambda error: browser.errors.append(str(error)))
        try:
            yield browser
        finally:
            chromium.close()


def _note(browser: Browser, url: str) -> None:
    if not url.startswith(("data:", "blob:")):
        browser.hosts.add(urlsplit(url).netloc)
