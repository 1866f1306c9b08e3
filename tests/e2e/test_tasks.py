"""Each task from a file to a prediction, PyCaret's candidates on real data, and its leaderboard on the page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from playwright.sync_api import expect
from sklearn import datasets
from statsmodels.datasets import sunspots

from tests.builders.browsers import a_browser
from tests.builders.platform import RunningPlatform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Story(NamedTuple):
    """A task on real data: what is asked, and what an answer looks like."""

    task: str
    title: str
    data: str
    asked: tuple[str, ...]
    candidates: str
    metric: str
    answer: dict[str, type]


STORIES = [
    Story("classification", "Classification", "iris", ("--target", "target"), "lr,nb", "Accuracy", {"prediction": int}),
    Story("regression", "Regression", "diabetes", ("--target", "target"), "lr,ridge", "R2", {"prediction": float}),
    Story("clustering", "Clustering", "wine", ("--clusters", "3"), "kmeans,hclust", "Silhouette", {"prediction": str}),
    Story(
        "anomaly_detection",
        "Anomaly detection",
        "cancer",
        ("--anomalies", "0.1"),
        "iforest,knn",
        "Contrast",
        {"prediction": str, "score": float},
    ),
    Story(
        "time_series",
        "Time series",
        "sunspots",
        ("--target", "SUNACTIVITY", "--time", "YEAR", "--horizon", "5", "--season", "11"),
        "snaive,ridge_cds_dt",
        "MASE",
        {"prediction": float, "low": float, "high": float},
    ),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    folder = tmp_path_factory.mktemp("tasks")
    platform = RunningPlatform.start(folder / "home")
    platform.ready()
    for name, frame in _frames().items():
        frame.to_csv(folder / f"{name}.csv", index=False)
        done = platform.run("ingest", str(folder / f"{name}.csv"), "--name", name)
        assert done.returncode == 0, done.stderr
    yield platform
    assert platform.stop() == 0


def _frames() -> dict[str, pd.DataFrame]:
    return {
        "iris": datasets.load_iris(as_frame=True).frame,
        "diabetes": datasets.load_diabetes(as_frame=True).frame,
        "wine": datasets.load_wine(as_frame=True).data,
        "cancer": datasets.load_breast_cancer(as_frame=True).data.iloc[:, :8],
        # Whole years, as whole numbers.
        "sunspots": sunspots.load_pandas().data.astype({"YEAR": int}),
    }


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.task)
def test_a_task_goes_from_a_file_to_a_prediction_and_its_board_is_on_the_page(
    running: RunningPlatform, story: Story, tmp_path: Path
) -> None:
    board = raced(running, story)
    assert board["metric"] == story.metric
    assert [standing["place"] for standing in board["standings"]] in ([1, 2], [1, 1])
    assert all(standing["completed"] == 3 for standing in board["standings"])
    assert_answers(running, board["experiment_id"], story, tmp_path)
    assert_on_page(running, board, story)


def raced(running: RunningPlatform, story: Story) -> dict[str, Any]:
    board: dict[str, Any] = running.json(
        "train",
        story.data,
        "--task",
        story.task,
        *story.asked,
        "--folds",
        "3",
        "--candidates",
        story.candidates,
        "--watch",
    )
    return board


def assert_answers(running: RunningPlatform, experiment: str, story: Story, folder: Path) -> None:
    deployed = running.run("deploy", experiment, "--name", story.task.replace("_", "-"))
    assert deployed.returncode == 0, deployed.stderr
    rows = folder / "rows.csv"
    asked = pd.DataFrame({"YEAR": [2011, 2009, 2030]}) if story.task == "time_series" else _frames()[story.data].head(3)
    asked.drop(columns="target", errors="ignore").to_csv(rows, index=False)
    answer = json.loads(running.run("predict", story.task.replace("_", "-"), "--file", str(rows), "--json").stdout)
    assert len(answer["predictions"]) == 3
    for prediction in answer["predictions"]:
        assert {name: type(prediction[name]) for name in story.answer} == story.answer


def assert_on_page(running: RunningPlatform, board: dict[str, Any], story: Story) -> None:
    link = running.run("page").stdout.split()
    with a_browser() as browser:
        tab = browser.tab
        tab.goto(next(word for word in link if word.startswith("http")))
        tab.get_by_role("link", name="Experiments").click()
        tab.get_by_text(board["experiment_id"]).click()
        expect(tab.get_by_text(f"{story.title} · {story.data}")).to_be_visible()
        rows = tab.get_by_role("table", name="Leaderboard").locator("tbody tr")
        expect(rows).to_have_count(2)
        for row, standing in zip(rows.all(), board["standings"], strict=True):
            expect(row).to_contain_text(standing["name"])
            expect(row).to_contain_text(f"{standing['mean']:.4f}")
        assert browser.errors == []
