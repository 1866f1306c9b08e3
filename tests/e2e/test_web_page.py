"""The whole story by mouse and keyboard, on the real platform: a file, a race that moves, a prediction."""

import random
import re
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.builders.asking import until
from tests.builders.browsers import a_browser
from tests.builders.platform import environment, hear_ctrl_c

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FOLDS = 5


@contextmanager
def a_platform(folder: Path) -> Iterator[str]:
    """Run ``trackside up`` in ``folder``, and yield its one-time link."""
    told = folder / "up.log"
    with told.open("w") as output:
        process = subprocess.Popen(
            [str(Path(sysconfig.get_path("scripts")) / "trackside"), "up"],
            env={**environment(folder / "home"), "COLUMNS": "300"},
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - it only resets a signal
        )
    try:
        until(lambda: process.poll() is not None or "/login?ticket=" in told.read_text(), seconds=90)
        link = re.search(r"http://\S+/login\?ticket=\S+", told.read_text())
        assert link is not None, told.read_text()
        yield link[0]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with a_platform(tmp_path_factory.mktemp("platform")) as link:
        yield link


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    """A CSV of mixed types with missing values, and one row that has too many."""
    chance = random.Random(42)
    lines = ["island,bill_length,year,species"]
    for _ in range(300):
        species = chance.choice(("Adelie", "Gentoo"))
        bill = chance.gauss(39 if species == "Adelie" else 47, 3)
        shown = "" if chance.random() < 0.05 else f"{bill:.1f}"
        lines.append(f"{chance.choice(('Biscoe', 'Dream'))},{shown},{chance.choice((2007, 2008))},{species}")
    lines.insert(20, "Biscoe,40.0,2007,Adelie,too,many")
    path = tmp_path / "birds.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_from_a_file_to_a_prediction_on_one_page(link: str, birds: Path) -> None:
    with a_browser() as browser:
        tab = browser.tab
        tab.goto(link)
        add_file(tab, birds)
        start_race(tab)
        watch(tab)
        deploy(tab)
        predict(tab)
        assert browser.hosts == {urlsplit(link).netloc}
        assert browser.errors == []


def test_the_page_says_at_once_that_the_platform_is_gone(tmp_path: Path) -> None:
    with a_browser() as browser:
        connection = browser.tab.get_by_role("status", name="Connection")
        with a_platform(tmp_path) as link:
            browser.tab.goto(link)
            expect(connection).to_have_text("Live", timeout=20_000)
        expect(connection).to_have_text(re.compile("Reconnecting · last update"), timeout=3_000)


def add_file(tab: Page, file: Path) -> None:
    tab.get_by_role("link", name="Data").click()
    expect(tab.get_by_role("heading", name="No datasets yet")).to_be_visible()
    tab.get_by_role("button", name="Add file").click()
    tab.get_by_label("File", exact=True).set_input_files(file)
    expect(tab.get_by_label("Dataset name")).to_have_value("birds")
    tab.get_by_role("button", name="Register").click()
    expect(tab.get_by_role("heading", name="birds")).to_be_visible(timeout=30_000)
    expect(tab.get_by_text("300 rows")).to_be_visible()
    expect(tab.get_by_role("table", name="Malformed rows").get_by_role("row")).to_have_count(2)


def start_race(tab: Page) -> None:
    tab.get_by_role("button", name="Start a race").click()
    tab.get_by_label("Target").select_option("species")
    tab.get_by_label("Engine").select_option("sklearn")
    tab.get_by_label("Folds").fill("400")
    tab.get_by_role("button", name="Start", exact=True).press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("folds")
    tab.get_by_label("Folds").fill(str(FOLDS))
    tab.get_by_label("Budget").fill("3")
    tab.get_by_role("button", name="Start", exact=True).press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("3 fits do not pay for two folds")
    tab.get_by_label("Budget").fill("")
    tab.get_by_label("Rows that stay together").select_option("species")
    tab.get_by_role("button", name="Start", exact=True).press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("'species' is the target")
    tab.get_by_label("Rows that stay together").select_option("")
    tab.get_by_role("button", name="Start", exact=True).press("Enter")
    expect(tab.get_by_role("status").filter(has_text=re.compile("Running|Completed"))).to_be_visible(timeout=30_000)


def watch(tab: Page) -> None:
    progress = tab.get_by_role("progressbar", name="Fits done")
    expect(progress).not_to_have_attribute("aria-valuenow", "0", timeout=60_000)
    tab.reload()
    expect(tab.get_by_role("status").filter(has_text="Completed")).to_be_visible(timeout=90_000)
    expect(progress).to_have_attribute("aria-valuenow", progress.get_attribute("aria-valuemax") or "")
    board = tab.get_by_role("table", name="Leaderboard")
    verdict = board.locator("tbody tr").first.get_by_role("note")
    expect(verdict).to_have_text(re.compile("winner|tied|best mean|can't tell yet"))
    expect(board.locator("tbody tr").first.locator("td.score")).to_have_text(re.compile(r"0\.\d{4}"))
    expect(tab.get_by_role("button", name="Deploy")).to_be_visible(timeout=60_000)


def deploy(tab: Page) -> None:
    tab.get_by_role("button", name="Deploy").click()
    tab.get_by_label("Deployment name").fill("birds")
    tab.get_by_role("button", name="Deploy now").click()
    expect(tab.get_by_role("row", name="birds")).to_be_visible(timeout=60_000)


def predict(tab: Page) -> None:
    tab.get_by_label("bill_length").fill("38.1")
    tab.get_by_role("button", name="Predict").click()
    expect(tab.get_by_role("status", name="Prediction")).to_contain_text(re.compile("Adelie|Gentoo"), timeout=30_000)
