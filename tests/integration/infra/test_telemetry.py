"""Spans as they are written down."""

import json
from pathlib import Path

import pytest

from infra.telemetry import Telemetry, current_trace_id, current_traceparent


def spans(folder: Path, process: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / f"{process}.jsonl").read_text().splitlines()]


def test_a_span_is_written_when_it_ends_with_its_parent_and_attributes(tmp_path: Path) -> None:
    telemetry = Telemetry("training", tmp_path)
    with telemetry.span("outer"), telemetry.span("inner", attributes={"fold": 3}):
        pass
    inner, outer = spans(tmp_path, "training")
    assert (inner["name"], outer["name"]) == ("inner", "outer")
    assert inner["parent_id"] == outer["span_id"]
    assert inner["trace_id"] == outer["trace_id"]
    assert inner["attributes"] == {"fold": 3}
    assert outer["parent_id"] is None


def test_a_trace_goes_on_in_another_process(tmp_path: Path) -> None:
    with Telemetry("cli", tmp_path).span("order"):
        sent = current_traceparent()
    with Telemetry("training", tmp_path).span("handle", parent=sent):
        pass
    (order,), (handle,) = spans(tmp_path, "cli"), spans(tmp_path, "training")
    assert handle["parent_id"] == order["span_id"]
    assert handle["trace_id"] == order["trace_id"]


def test_a_span_whose_work_failed_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), Telemetry("x", tmp_path).span("work"):
        raise ValueError("no")
    assert spans(tmp_path, "x")[0]["failed"] is True


def test_outside_any_span_there_is_no_trace() -> None:
    assert current_traceparent() is None
    assert current_trace_id() is None
