"""An OTLP/HTTP collector in this process, which keeps what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

Labels = frozenset[tuple[str, str | int]]


class Collector:
    """What came, decoded."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bodies: dict[str, list[bytes]] = {"/v1/metrics": [], "/v1/traces": [], "/v1/logs": []}

    def metrics(self) -> dict[str, dict[Labels, float]]:
        """Return the last value of every metric by name and labels; of a histogram, how often something was timed."""
        values: dict[str, dict[Labels, float]] = {}
        for body in self.bodies["/v1/metrics"]:
            for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                for scope in resource.scope_metrics:
                    for metric in scope.metrics:
                        values.setdefault(metric.name, {}).update(_values(metric))
        return values

    def logs(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the text and the attributes of every log line."""
        return [
            (record.body.string_value, {item.key: _plain(item.value) for item in record.attributes})
            for body in self.bodies["/v1/logs"]
            for resource in ExportLogsServiceRequest.FromString(body).resource_logs
            for scope in resource.scope_logs
            for record in scope.log_records
        ]


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run one while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.bodies[self.path].append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _values(metric: Any) -> dict[Labels, float]:
    kind = metric.WhichOneof("data")
    return {
        frozenset((item.key, _plain(item.value)) for item in point.attributes): (
            point.count if kind == "histogram" else point.as_int or point.as_double
        )
        for point in getattr(metric, kind).data_points
    }


def _plain(value: Any) -> Any:
    return getattr(value, value.WhichOneof("value"))
