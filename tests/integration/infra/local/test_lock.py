import os
from pathlib import Path

import pytest

from infra.clock import utc_now
from infra.local.layout import Home
from infra.local.lock import AlreadyRunning, locked
from infra.local.platform import Platform, PlatformNotRunning


def platform(home: Home, pid: int) -> Platform:
    url = "http://127.0.0.1:1"
    return Platform(
        home=home.root,
        pid=pid,
        started_at=utc_now(),
        nats_url="nats://127.0.0.1:2",
        objects_url="file:///x",
        ui_url=f"{url}/page",
        serving_url=url,
        events_url=url,
        mlflow_url=url,
        issuer_url=url,
        processes={},
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    return home


def test_a_second_start_names_the_platform_that_runs(home: Home) -> None:
    platform(home, os.getpid()).write()
    with (
        locked(home),
        pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}, http://127.0.0.1:1/page.*TRACKSIDE_HOME"),
        locked(home),
    ):
        pass


def test_the_folder_is_free_again_afterwards(home: Home) -> None:
    for _ in range(2):
        with locked(home):
            pass


def test_a_platform_whose_process_is_gone_does_not_run(home: Home) -> None:
    beyond_any_pid = 2**22 + 1
    platform(home, beyond_any_pid).write()
    with pytest.raises(PlatformNotRunning, match="trackside up"):
        Platform.find(home)
