"""Metrics: what is counted, timed and looked at.

The names are those of OpenTelemetry; Prometheus writes ``trackside.messages`` as ``trackside_messages_total``.
"""

from dataclasses import dataclass
from typing import Literal

EVERY_SECONDS = 15.0
"""How often metrics are sent, and how often what is not counted but looked at, such as lag, is looked at."""


@dataclass(frozen=True)
class Metric:
    """Something that is counted, timed or looked at."""

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    unit: str
    labels: tuple[str, ...]
    says: str


MESSAGES = Metric(
    "trackside.messages", "counter", "{message}", ("role", "message", "outcome"),
    "Deliveries that came to an end: handled, retried or dead.",
)  # fmt: skip
MESSAGE_DURATION = Metric(
    "trackside.message.duration", "histogram", "s", ("role", "message"), "How long a delivery took, its answers stored."
)
QUESTIONS = Metric(
    "trackside.questions", "counter", "{question}", ("role", "question", "outcome"),
    "Questions: answered, refused or failed.",
)  # fmt: skip
QUESTION_DURATION = Metric(
    "trackside.question.duration", "histogram", "s", ("role", "question"), "How long a question took to be answered."
)
ARRIVALS = Metric(
    "trackside.arrivals", "counter", "{message}", ("publisher", "outcome"),
    "What outside publishers sent: passed on or refused.",
)  # fmt: skip
DENIED = Metric(
    "trackside.bus.denied", "counter", "{denial}", (), "What nats-server denied this process: always a fault of ours."
)
LAG = Metric("trackside.consumer.lag", "gauge", "{message}", ("durable",), "Messages that were not delivered yet.")
IN_HAND = Metric(
    "trackside.consumer.in_hand", "gauge", "{message}", ("durable",), "Messages delivered and not acknowledged yet."
)
REDELIVERED = Metric(
    "trackside.consumer.redelivered", "gauge", "{message}", ("durable",), "Messages in hand that were delivered before."
)
HTTP_DURATION = Metric(
    "http.server.request.duration", "histogram", "s",
    ("http.request.method", "http.route", "http.response.status_code"),
    "How long a request took; its count is that of requests.",
)  # fmt: skip

METRICS = (
    *(MESSAGES, MESSAGE_DURATION, QUESTIONS, QUESTION_DURATION, ARRIVALS, DENIED, LAG, IN_HAND, REDELIVERED),
    HTTP_DURATION,
)
"""All there are."""


def request_labels(method: str, route: str, status: int) -> dict[str, str | int]:
    """Return what HTTP_DURATION is labelled with."""
    return {"http.request.method": method, "http.route": route, "http.response.status_code": status}
