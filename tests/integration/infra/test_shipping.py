"""Logs on a collector, as they are on stderr."""

import logging
from collections.abc import Iterator

import pytest

from infra import logs
from infra.telemetry import Telemetry, current_trace_id
from tests.builders.collector import Collector, collecting


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    with collecting() as started:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", started.url)
        yield started
    root.handlers[:] = before
    root.setLevel(level)


def flush() -> None:
    for handler in logging.getLogger().handlers:
        handler.flush()


def test_what_is_logged_comes_with_its_words_and_its_trace(collector: Collector) -> None:
    logs.configure("ingest", otlp=True)
    with Telemetry("ingest").span("work"):
        logs.logger("test").warning("dead letter", subject="evt.x", reason="ValueError")
        trace_id = current_trace_id()
    flush()
    ((text, attributes),) = collector.logs()
    assert text == "dead letter"
    assert attributes == {"subject": "evt.x", "reason": "ValueError", "trace_id": trace_id}


def test_what_a_library_logs_comes_too(collector: Collector) -> None:
    logs.configure("ingest", otlp=True)
    logging.getLogger("sqlalchemy").error("no %s", "table")
    flush()
    assert [text for text, _ in collector.logs()] == ["no table"]
