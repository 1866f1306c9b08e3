"""What is made of what was seen: pure, one case a sentence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.health import Health
from infra.bus.inspection import ArrivalsSeen, BusSeen, DeadSeen, DurableSeen, StreamSeen
from infra.checkup import Finding, bus, folder, objects, processes, servers
from infra.local.platform import Platform, Running

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WELL = BusSeen(
    streams=(StreamSeen("EVENTS", there=True, messages=7),),
    durables=(DurableSeen("training-facts", "EVENTS", there=True),),
    dead=0,
    last_dead=None,
    arrivals=(),
)
RUNNING = Running(pid=7, ready=True, restarts=0, log=Path("/x/logs/ingest.log"), on_bus=True)
URLS = dict.fromkeys(("nats_url", "objects_url", "ui_url", "serving_url", "events_url", "mlflow_url", "issuer_url"), "")
PLATFORM = Platform(home=Path("/x"), pid=1, started_at=NOW, processes={}, **URLS)
FOLDER = folder.FolderSeen(Path("/x"), there=True, free_bytes=9_000_000_000, locked=True, stated=True, running=PLATFORM)


def verdicts(findings: list[Finding]) -> dict[str, str]:
    return {finding.check: finding.verdict for finding in findings}


def text(findings: list[Finding]) -> str:
    return " ".join(f"{finding.cause} {finding.cure}" for finding in findings if finding.verdict != "ok")


def test_what_does_not_work_and_what_should_be_known_has_a_cure() -> None:
    broken = replace(WELL, streams=(StreamSeen("EVENTS", there=False),), dead=1)
    assert all(finding.cure for finding in bus.judge(broken, NOW) if finding.verdict != "ok")


def test_a_bus_as_it_should_be_is_well() -> None:
    assert set(verdicts(bus.judge(WELL, NOW)).values()) == {"ok"}


def test_a_stream_that_is_missing_and_a_durable_that_differs_are_named() -> None:
    seen = replace(
        WELL,
        streams=(StreamSeen("DEAD", there=False),),
        durables=(DurableSeen("training-facts", "EVENTS", there=True, differs=("ack_wait",)),),
    )
    found = bus.judge(seen, NOW)
    assert verdicts(found)["streams"] == "fail"
    assert "DEAD is missing" in text(found)
    assert "training-facts is not as this release needs it, in ack_wait" in text(found)


def test_messages_that_nobody_asks_for_are_a_failure_and_those_in_their_turn_are_not() -> None:
    waiting = DurableSeen("training-facts", "EVENTS", there=True, lag=12)
    left = replace(WELL, durables=(replace(waiting, asked_for=False),))
    assert verdicts(bus.judge(replace(WELL, durables=(waiting,)), NOW))["consumers"] == "ok"
    assert verdicts(bus.judge(left, NOW))["consumers"] == "fail"


def test_messages_that_are_tried_again_should_be_known() -> None:
    seen = replace(WELL, durables=(DurableSeen("training-facts", "EVENTS", there=True, redelivered=1),))
    assert verdicts(bus.judge(seen, NOW))["consumers"] == "warn"


@pytest.mark.parametrize(("age", "verdict"), [(timedelta(hours=1), "warn"), (timedelta(days=3), "ok")])
def test_a_dead_letter_is_told_with_its_reason_and_old_ones_do_not_warn(age: timedelta, verdict: str) -> None:
    seen = replace(WELL, dead=3, last_dead=DeadSeen("cmd.x", "ValueError: a bug", NOW - age))
    (dead,) = (finding for finding in bus.judge(seen, NOW) if finding.check == "dead letters")
    assert dead.verdict == verdict
    assert "There are 3; the last: cmd.x" in dead.cause
    assert "ValueError: a bug" in dead.cause


def test_a_publisher_that_fills_its_backlog_should_be_known() -> None:
    seen = replace(WELL, arrivals=(ArrivalsSeen("acme", waiting=60, most=100),))
    assert verdicts(bus.judge(seen, NOW))["publishers"] == "warn"


def test_a_process_that_was_denied_something_is_a_failure_with_what_it_was() -> None:
    health = Health(process="ingest", ready=True, pid=7, denied=2, last_denied='permissions violation for "evt.x"')
    found = processes.judge([processes.ProcessSeen("ingest", RUNNING, health, asked=True)])
    assert [finding.verdict for finding in found] == ["ok", "fail"]
    assert 'permissions violation for "evt.x"' in text(found)


@pytest.mark.parametrize(
    ("running", "verdict", "cause"),
    [
        (RUNNING.model_copy(update={"pid": None, "ready": False}), "fail", "does not run"),
        (RUNNING, "fail", "does not answer"),
        (RUNNING.model_copy(update={"ready": False}), "warn", "is starting"),
        (None, "fail", "does not answer"),
    ],
)
def test_a_process_that_says_nothing_is_told_by_what_its_supervisor_sees(
    running: Running | None, verdict: str, cause: str
) -> None:
    (found,) = processes.judge([processes.ProcessSeen("ingest", running, asked=True)])
    assert found.verdict == verdict
    assert cause in found.cause


def test_a_process_that_was_started_again_is_told_with_its_log() -> None:
    seen = processes.ProcessSeen("ingest", RUNNING.model_copy(update={"restarts": 3}))
    assert "/x/logs/ingest.log" in text(processes.judge([seen]))


def test_a_folder_whose_platform_runs_is_well() -> None:
    assert set(verdicts(folder.judge(FOLDER)).values()) == {"ok"}


@pytest.mark.parametrize(
    ("changed", "check", "verdict"),
    [
        ({"free_bytes": 1_000_000_000}, "disk", "warn"),
        ({"free_bytes": 1_000_000}, "disk", "fail"),
        ({"write_error": "No space left on device"}, "disk", "fail"),
        ({"open_to_others": (Path("/x/keys"),)}, "keys", "fail"),
        ({"unreadable": (Path("/x/keys/cli.nk"),)}, "keys", "fail"),
        ({"has_own_key": False}, "keys", "fail"),
        ({"running": None}, "platform", "warn"),
        ({"running": None, "locked": False}, "platform", "fail"),
        ({"leftovers": (folder.Leftover(9, "nats-server"),)}, "leftovers", "fail"),
        ({"taken_ports": {"nats": 20_001}}, "ports", "warn"),
    ],
)
def test_what_is_wrong_with_a_folder_is_found(changed: dict[str, object], check: str, verdict: str) -> None:
    assert verdicts(folder.judge(replace(FOLDER, **changed)))[check] == verdict  # type: ignore[arg-type]


def test_a_platform_that_was_killed_is_told_from_one_that_was_stopped() -> None:
    down = replace(FOLDER, running=None, locked=False)
    assert "was killed" in text(folder.judge(down))
    assert "does not run" in text(folder.judge(replace(down, stated=False)))


ISSUER = servers.ServerSeen("issuer", "http://i", 200, {"issuer": "http://i", "jwks_uri": "http://i/keys"})


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (ISSUER, "ok"),
        (replace(ISSUER, said={"issuer": "http://other", "jwks_uri": "x"}), "fail"),
        (replace(ISSUER, status=404, said={}), "fail"),
        (replace(ISSUER, status=None), "fail"),
        (replace(ISSUER, skew=30.0), "warn"),
        (servers.ServerSeen("ui", "http://u", 200, {"ready": True, "live": False}), "fail"),
        (servers.ServerSeen("serving", "http://s", 503, {"ready": False, "problems": ["champion"]}), "fail"),
        (servers.ServerSeen("mlflow", "http://m", 200), "ok"),
    ],
)
def test_a_server_is_judged_by_what_it_says_of_itself(seen: servers.ServerSeen, verdict: str) -> None:
    (found,) = servers.judge(seen)
    assert found.verdict == verdict


def test_an_issuer_that_is_asked_at_another_address_is_judged_by_its_name() -> None:
    asked_inside = replace(ISSUER, url="http://issuer:8421")
    assert [found.verdict for found in servers.judge(asked_inside, "http://i/")] == ["ok"]
    assert [found.verdict for found in servers.judge(asked_inside)] == ["fail"]


def test_a_store_that_cannot_be_used_is_told_with_its_address() -> None:
    assert "s3://b" in objects.judge(objects.ObjectsSeen("s3://b", "no such bucket")).cause
