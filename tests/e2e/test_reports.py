"""Every task's model version reported as one page that opens offline, and a prediction of each explained."""

import json
from collections.abc import Iterator
from io import BytesIO
from math import isinf, isnan
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import expect
from sklearn import datasets
from statsmodels.datasets import sunspots

from infra.objects.store import open_objects
from tests.builders.browsers import Browser, a_browser
from tests.builders.platform import RunningPlatform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Story(NamedTuple):
    """A task on real data: what is asked, and what its report draws."""

    task: str
    data: str
    asked: tuple[str, ...]
    candidate: str
    figures: tuple[str, ...]


STORIES = [
    Story(
        "classification", "iris", ("--target", "target"), "logistic",
        ("Receiver operating characteristic", "Calibration", "Confusion", "What is lost without a column"),
    ),
    Story("regression", "diabetes", ("--target", "target"), "ridge", ("Truth and prediction", "Answers by bmi")),
    Story("clustering", "wine", ("--clusters", "3"), "kmeans", ("What sets groups apart", "How large groups are")),
    Story("anomaly_detection", "cancer", ("--anomalies", "0.1"), "forest", ("The most unusual rows", "Scores by fold")),
    Story(
        "time_series", "sunspots",
        ("--target", "SUNACTIVITY", "--time", "YEAR", "--horizon", "5", "--season", "11"), "ridge",
        ("Forecasts and what came", "Residuals and those before them"),
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    folder = tmp_path_factory.mktemp("reports")
    platform = RunningPlatform.start(folder / "home")
    platform.ready()
    for name, frame in _frames().items():
        frame.to_csv(folder / f"{name}.csv", index=False)
        done = platform.run("ingest", str(folder / f"{name}.csv"), "--name", name)
        assert done.returncode == 0, done.stderr
    yield platform
    assert platform.stop() == 0


@pytest.fixture
def offline() -> Iterator[Browser]:
    with a_browser() as browser:
        browser.tab.context.set_offline(True)
        yield browser


def _frames() -> dict[str, pd.DataFrame]:
    return {
        "iris": datasets.load_iris(as_frame=True).frame,
        "diabetes": datasets.load_diabetes(as_frame=True).frame[["bmi", "bp", "s5", "target"]],
        "wine": datasets.load_wine(as_frame=True).data.iloc[:, :4],
        "cancer": datasets.load_breast_cancer(as_frame=True).data.iloc[:300, :4],
        "sunspots": sunspots.load_pandas().data.astype({"YEAR": int}).tail(120),
    }


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.task)
def test_a_model_version_is_reported_and_its_predictions_are_explained(
    running: RunningPlatform, offline: Browser, story: Story, tmp_path: Path
) -> None:
    experiment = raced(running, story)
    page = tmp_path / "report.html"
    done = running.run("report", experiment, "--to", str(page), seconds=120)
    assert done.returncode == 0, done.stderr
    assert_drawn_offline(offline, page, story)
    assert_numbers_are_those_stored(running, offline)
    assert_explained(running, experiment, story, tmp_path)


def raced(running: RunningPlatform, story: Story) -> str:
    board = running.json(
        "train", story.data, "--task", story.task, *story.asked,
        "--engine", "sklearn", "--folds", "3", "--candidates", story.candidate, "--watch",
    )  # fmt: skip
    experiment: str = board["experiment_id"]
    return experiment


def assert_drawn_offline(browser: Browser, page: Path, story: Story) -> None:
    browser.hosts.clear()
    browser.tab.goto(page.as_uri())
    for title in story.figures:
        expect(browser.tab.get_by_role("heading", name=title, exact=True)).to_be_visible()
    assert browser.tab.locator("svg").count() >= 3
    assert browser.tab.locator("svg [d*=NaN], svg [cx=NaN], svg [d*=nan]").count() == 0
    assert browser.tab.evaluate("document.fonts.check('14px \"Inter Variable\"')")
    assert browser.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert (browser.errors, browser.hosts - {""}) == ([], set())


def assert_numbers_are_those_stored(running: RunningPlatform, browser: Browser) -> None:
    *_, last = running.run("events", "--json").stdout.splitlines()
    told = json.loads(last)["data"]
    platform = running.platform()
    assert platform is not None
    objects = open_objects(platform.objects_url)
    assert len(told["tables"]) >= 5
    for table in told["tables"]:
        stored = pq.read_table(BytesIO(objects.read(table["key"]))).to_pandas(timestamp_as_object=True)
        kept = json.loads(browser.tab.locator(f'script[data-table="{table["name"]}"]').text_content() or "")
        for name in stored:
            assert kept[name] == list(map(as_kept, stored[name].tolist())), (table["name"], name)


def as_kept(value: Any) -> Any:
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    if isinstance(value, float) and isinf(value):
        return "Infinity"
    return value.isoformat() if hasattr(value, "isoformat") else value


def assert_explained(running: RunningPlatform, experiment: str, story: Story, folder: Path) -> None:
    name = story.task.replace("_", "-")
    assert running.run("deploy", experiment, "--name", name).returncode == 0
    rows = folder / "rows.csv"
    asked = pd.DataFrame({"YEAR": [2011, 2009]}) if story.task == "time_series" else _frames()[story.data].head(2)
    asked.drop(columns="target", errors="ignore").to_csv(rows, index=False)
    prediction = running.json("predict", name, "--file", str(rows))["prediction_id"]
    told = running.json("explain", prediction, "--row", "2")
    assert told["rows"] == len(asked)
    for output in {share["output"] for share in told["shares"]}:
        of_output = [share for share in told["shares"] if share["output"] == output]
        added = sum(share["contribution"] for share in of_output)
        assert added == pytest.approx(of_output[0]["prediction"] - of_output[0]["base"])
    printed = running.run("explain", prediction)
    assert printed.returncode == 0, printed.stderr
    assert "The shares add up to" in printed.stdout


def test_a_row_that_was_not_asked_and_a_prediction_that_is_unknown_are_refused(running: RunningPlatform) -> None:
    unknown = running.run("explain", "none")
    assert unknown.returncode == 1
    assert "Nothing is kept of a prediction" in unknown.stderr


def test_a_model_version_that_is_not_there_has_no_report_and_no_file(running: RunningPlatform, tmp_path: Path) -> None:
    refused = running.run("report", "mv-none", "--to", str(tmp_path / "report.html"))
    assert refused.returncode == 1
    assert "There is no model version" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_no_folder_is_wrong_usage_before_anything_is_asked(running: RunningPlatform, tmp_path: Path) -> None:
    assert running.run("report", "mv-none", "--to", str(tmp_path / "none" / "report.html")).returncode == 2


def test_the_page_makes_the_report_and_shows_it(running: RunningPlatform) -> None:
    experiment = raced(running, STORIES[0])
    link = next(word for word in running.run("page").stdout.split() if word.startswith("http"))
    with a_browser() as browser:
        browser.tab.goto(link)
        browser.tab.get_by_role("link", name="Evaluation").click()
        browser.tab.get_by_label("Experiment", exact=True).select_option(experiment)
        browser.tab.get_by_role("button", name="Make the report").click()
        report = browser.tab.frame_locator("iframe[title=Report]")
        expect(report.get_by_role("heading", name="Calibration")).to_be_visible(timeout=60_000)
        with browser.tab.expect_download() as saved:
            browser.tab.get_by_role("button", name="Save as a file").click()
        assert "Receiver operating characteristic" in saved.value.path().read_text()
        assert browser.errors == []
