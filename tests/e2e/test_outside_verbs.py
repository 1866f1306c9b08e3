"""Letting programs in and telling addresses, by the command line, on a platform that runs."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from infra.local.nats import nkey
from tests.builders.asking import until
from tests.builders.platform import RunningPlatform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    platform = RunningPlatform.start(tmp_path_factory.mktemp("outside") / "home")
    platform.ready("ingest")
    yield platform
    assert platform.stop() == 0


@pytest.fixture
def told() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address, and what it was told."""
    events: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            events.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", events
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_publisher_is_let_in_with_a_key_and_shut_out(running: RunningPlatform) -> None:
    sheet = running.json("publishers", "add", "acme", "--may", "RegisterDataset, StartExperiment", "--rate", "5")
    assert sheet["sends_on"][0] == "in.acme.cmd.ingest.dataset.register.v1.<ingestion_id>"
    assert Path(sheet["key"]).stat().st_mode & 0o077 == 0
    (card,) = running.json("publishers", "list")["publishers"]
    assert (card["name"], card["limits"]["rate"]) == ("acme", 5)
    again = running.run("publishers", "add", "acme", "--may", "RegisterDataset")
    assert (again.returncode, "The name acme is taken." in again.stderr) == (1, True)
    assert running.run("publishers", "revoke", "acme").stdout == "acme is shut out.\n"
    assert running.json("publishers", "list")["publishers"] == []
    assert running.run("publishers", "revoke", "acme").returncode == 1


def test_a_program_that_made_its_key_shows_its_public_half_only(running: RunningPlatform, tmp_path: Path) -> None:
    public = nkey(tmp_path / "lab.nk")
    sheet = running.json("publishers", "add", "lab", "--may", "RegisterDataset", "--nkey", public)
    assert sheet["key"] is None
    assert not running.home.seed("outside-lab").exists()
    (card,) = running.json("publishers", "list")["publishers"]
    assert card["nkey"] == public
    assert running.run("publishers", "revoke", "lab").returncode == 0


def test_what_publishers_may_not_send_is_refused_with_what_they_may(running: RunningPlatform) -> None:
    refused = running.run("publishers", "add", "acme", "--may", "PerformFit")
    assert refused.returncode == 1
    assert (
        "It may send: CancelExperiment, CancelIngestion, DeployModelVersion, ExplainPrediction, ReadSource"
        in refused.stderr
    )


def test_an_address_is_told_what_it_hears_and_asked_no_more_once_removed(
    running: RunningPlatform, told: tuple[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    url, events = told
    added = running.json("webhooks", "add", "board", url, "--hears", "DatasetVersionRegistered")
    assert added["public_key"].startswith("whpk_")
    (tmp_path / "p.csv").write_text("a,b\n1,2\n3,4\n")
    assert running.run("ingest", str(tmp_path / "p.csv"), "--name", "p").returncode == 0
    until(lambda: len(events) == 1)
    assert events[0]["data"]["name"] == "p"
    until(lambda: running.json("webhooks", "list")["webhooks"][0]["told"] == 1)
    (delivery,) = running.json("webhooks", "deliveries", "board")["deliveries"]
    assert (delivery["status"], delivery["attempts"]) == (204, 1)
    assert running.run("webhooks", "replay", "board", "--from", "1").returncode == 0
    until(lambda: len(events) == 2)
    assert events[1]["id"] == events[0]["id"]
    assert running.run("webhooks", "remove", "board").stdout == "board is told no more.\n"
    assert running.json("webhooks", "list")["webhooks"] == []


def test_an_address_with_a_password_in_it_is_refused_without_repeating_it(running: RunningPlatform) -> None:
    refused = running.run("webhooks", "add", "x", "http://user:secret@example.org/", "--hears", "FitFailed")
    assert refused.returncode != 0
    assert "secret" not in refused.stderr
