from datetime import UTC, datetime
from pathlib import Path

from infra.local.platform import Platform, Running
from ui.cli.status import seen
from ui.cli.up import not_ready


def a_process(*, pid: int | None = 7, ready: bool = True) -> Running:
    return Running(pid=pid, ready=ready, restarts=0, log=Path("/x.log"), on_bus=False)


def test_those_that_are_not_ready_yet_are_named() -> None:
    platform = Platform(
        home=Path("/x"),
        pid=1,
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        nats_url="nats://x",
        objects_url="file:///x",
        ui_url="http://x",
        serving_url="http://x",
        events_url="http://x",
        mlflow_url="http://x",
        issuer_url="http://x",
        processes={"nats": a_process(), "warm": a_process(ready=False), "mlflow": a_process(pid=None, ready=False)},
    )
    assert not_ready(platform) == ["warm", "mlflow"]


def test_who_is_not_ready_has_a_reason() -> None:
    assert seen(a_process()) == (True, ())
    assert seen(a_process(ready=False)) == (False, ("starting",))
    assert seen(a_process(pid=None, ready=False)) == (False, ("does not run",))
