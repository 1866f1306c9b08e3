"""Dashboards and alerts ask for what the code counts, and the guide explains all of it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.metrics import METRICS, Metric

ROOT = Path(__file__).parents[3]
FILES = ROOT / "infra/deploy/observability"
GUIDE = ROOT / "docs/guides/operations.md"
_SERIES = re.compile(r"\b((?:trackside|http_server)_[a-z_]+)(?:\{([^}]*(?:\{name\}[^}]*)?)\})?")
_GROUPED = re.compile(r"by \(([^)]*)\)")
_OF_PROMETHEUS = {"job", "instance", "le"}


def series_of(metric: Metric) -> set[str]:
    """Return the names under which Prometheus has a metric that comes over OTLP."""
    name = metric.name.replace(".", "_")
    if metric.kind == "histogram":
        return {f"{name}_seconds_{part}" for part in ("bucket", "count", "sum")}
    return {f"{name}_total" if metric.kind == "counter" else name}


def alerts() -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = yaml.safe_load((FILES / "alerts.yml").read_text())["groups"][0]["rules"]
    return rules


def expressions() -> Iterator[str]:
    for file in (FILES / "grafana/dashboards").glob("*.json"):
        for panel in json.loads(file.read_text())["panels"]:
            yield from (target["expr"] for target in panel["targets"])
    yield from (rule["expr"] for rule in alerts())


SERIES = {name: metric for metric in METRICS for name in series_of(metric)}


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_an_expression_asks_for_what_is_counted_by_labels_that_it_has(expression: str) -> None:
    asked = _SERIES.findall(expression)
    assert asked
    known = set(_OF_PROMETHEUS)
    for name, selected in asked:
        labels = {label.replace(".", "_") for label in SERIES[name].labels}
        assert set(re.findall(r'(\w+)(?:=~|!~|!=|=)"', selected)) <= labels
        known |= labels
    grouped = {label.strip() for by in _GROUPED.findall(expression) for label in by.split(",")}
    assert grouped <= known


def test_every_metric_is_on_a_dashboard() -> None:
    everything = " ".join(expressions())
    assert {metric.name for metric in METRICS if not any(name in everything for name in series_of(metric))} == set()


def test_every_metric_and_every_alert_is_explained_in_the_guide() -> None:
    guide = GUIDE.read_text()
    names = [*(metric.name for metric in METRICS), *(rule["alert"] for rule in alerts())]
    assert [name for name in names if f"`{name}`" not in guide] == []


def test_prometheus_reads_the_alerts_and_the_collector_receives_what_we_send() -> None:
    prometheus = yaml.safe_load((FILES / "prometheus.yml").read_text())
    assert all((FILES / name).exists() for name in prometheus["rule_files"])
    collector = yaml.safe_load((FILES / "collector.yaml").read_text())
    assert set(collector["service"]["pipelines"]) == {"metrics", "traces", "logs"}
    exported = {part for pipeline in collector["service"]["pipelines"].values() for part in pipeline["exporters"]}
    assert exported == set(collector["exporters"])
