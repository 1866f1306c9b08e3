"""Traces and metrics of a process.

Every process appends its spans to a file of its own. Where the OTEL_* variables name a collector, spans and metrics go
there over OTLP/HTTP; where they name none, nothing is counted.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from infra.metrics import Metric

if TYPE_CHECKING:
    from infra.meters import Meters

_W3C = TraceContextTextMapPropagator()

Attributes = Mapping[str, str | int | float | bool]


class SpanFile(SpanExporter):
    """Appends each finished span to a file, as one line of JSON: whole lines, even from a process that is killed."""

    def __init__(self, path: Path, process: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self._process = process
        self._lock = threading.Lock()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Append the spans."""
        lines = b"".join(json.dumps(_told(span, self._process)).encode() + b"\n" for span in spans)
        with self._lock:
            self._file.write(lines)
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Close the file."""
        self._file.close()


class Telemetry:
    """One process's tracer."""

    def __init__(self, process: str, traces_dir: Path | None = None, *, otlp: bool = False) -> None:
        """Trace as ``process`` into ``traces_dir``, and over OTLP/HTTP if ``otlp``."""
        resource = resource_of(process)
        self._provider = TracerProvider(resource=resource)
        self._meters = _meters(resource) if otlp else None
        if traces_dir is not None:
            exporter = SpanFile(traces_dir / f"{process}.jsonl", process)
            self._provider.add_span_processor(SimpleSpanProcessor(exporter))
        if otlp:
            # Costs a third of a second and an HTTP stack, which a process without a collector need not pay.
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

            self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("trackside")

    @contextmanager
    def span(
        self,
        name: str,
        *,
        parent: str | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes | None = None,
    ) -> Iterator[trace.Span]:
        """Run the block in a span, below ``parent`` (a W3C traceparent) or else below the current one."""
        context = None if parent is None else context_of(parent)
        with self._tracer.start_as_current_span(name, context=context, kind=kind, attributes=attributes) as span:
            yield span

    @property
    def counts(self) -> bool:
        """Whether what is counted, timed and shown goes anywhere."""
        return self._meters is not None

    def count(self, metric: Metric, **labels: str | int) -> None:
        """Count one more of ``metric``."""
        if self._meters is not None:
            self._meters.count(metric, labels)

    def time(self, metric: Metric, seconds: float, labels: Mapping[str, str | int]) -> None:
        """Note that something took ``seconds``."""
        if self._meters is not None:
            self._meters.time(metric, seconds, labels)

    def show(self, metric: Metric, value: float, **labels: str | int) -> None:
        """Note how much there is of something now."""
        if self._meters is not None:
            self._meters.show(metric, value, labels)

    def close(self) -> None:
        """Write what is still to be written."""
        self._provider.shutdown()
        if self._meters is not None:
            self._meters.close()


def resource_of(process: str) -> Resource:
    """Return as whom ``process`` is known to a collector."""
    # The host's name tells processes of one name apart, such as workers in containers.
    return Resource.create({"service.name": process, "service.instance.id": gethostname()})


def _meters(resource: Resource) -> "Meters":
    from infra.meters import Meters  # noqa: PLC0415 - like the exporter of spans

    return Meters(resource)


def current_traceparent() -> str | None:
    """Return the current span as a W3C traceparent; None outside any span."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    """Return the current trace's id in hexadecimal; None outside any span."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def context_of(traceparent: str) -> Context:
    """Return the context that a W3C traceparent describes."""
    return _W3C.extract({"traceparent": traceparent}, context=Context())


def _told(span: ReadableSpan, process: str) -> dict[str, object]:
    context = span.get_span_context() or trace.INVALID_SPAN_CONTEXT
    return {
        "name": span.name,
        "trace_id": f"{context.trace_id:032x}",
        "span_id": f"{context.span_id:016x}",
        "parent_id": f"{span.parent.span_id:016x}" if span.parent else None,
        "start": span.start_time,
        "end": span.end_time,
        "process": process,
        "kind": span.kind.name,
        "failed": span.status.status_code is StatusCode.ERROR,
        "attributes": dict(span.attributes or {}),
    }
