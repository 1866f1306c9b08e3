"""Metrics on their way to a collector; imported only where there is one, for it costs an HTTP stack."""

from collections.abc import Mapping

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import Counter, Histogram
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from infra.metrics import EVERY_SECONDS, METRICS, Metric

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
"""Upper ends of the buckets in seconds: from a question to a fit."""


class Meters:
    """One process's metrics, sent over OTLP/HTTP to where the OTEL_EXPORTER_OTLP_* variables say."""

    def __init__(self, resource: Resource) -> None:
        """Send as ``resource``, every 15 s and at the end."""
        reader = PeriodicExportingMetricReader(OTLPMetricExporter(), export_interval_millis=1000 * EVERY_SECONDS)
        self._provider = MeterProvider([reader], resource=resource, shutdown_on_exit=False)
        meter = self._provider.get_meter("trackside")
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        for metric in METRICS:
            if metric.kind == "counter":
                self._counters[metric.name] = meter.create_counter(metric.name, metric.unit, metric.says)
            elif metric.kind == "histogram":
                self._histograms[metric.name] = meter.create_histogram(
                    metric.name, metric.unit, metric.says, explicit_bucket_boundaries_advisory=_BOUNDS
                )
        self._gauges = {
            metric.name: meter.create_gauge(metric.name, metric.unit, metric.says)
            for metric in METRICS
            if metric.kind == "gauge"
        }

    def count(self, metric: Metric, labels: Mapping[str, str | int]) -> None:
        """Count one more."""
        self._counters[metric.name].add(1, labels)

    def time(self, metric: Metric, seconds: float, labels: Mapping[str, str | int]) -> None:
        """Note how long something took."""
        self._histograms[metric.name].record(seconds, labels)

    def show(self, metric: Metric, value: float, labels: Mapping[str, str | int]) -> None:
        """Note how much there is of something now."""
        self._gauges[metric.name].set(value, labels)

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()
