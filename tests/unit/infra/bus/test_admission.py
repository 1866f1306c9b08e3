import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from nats.aio.msg import Msg

from contracts.errors import MalformedMessage
from contracts.publishers import Limits, PublisherAdded
from infra.bus.admission import admitted, refused
from tests.builders.versioned import BOTH_VERSIONS, MeasureV1

CARD = PublisherAdded(
    name="acme",
    nkey="U" + "A" * 55,
    may=("RegisterDataset",),
    hears=(),
    limits=Limits(),
    added_at=datetime(2026, 1, 1, tzinfo=UTC),
)
ADDRESS = "cmd.ingest.dataset.register.v1.ing-1"
BODY = {"ingestion_id": "ing-1", "name": "penguins", "upload": "uploads/ing-1", "filename": "penguins.csv"}
HEADERS = {"ce-id": "id-1", "ce-source": "somebody else", "ce-time": "2026-01-01T12:00:00Z"}


def arrived(body: Any = BODY, headers: dict[str, str] | None = None, address: str = ADDRESS) -> Msg:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    message = Msg(None, subject=f"in.acme.{address}", data=data, headers=HEADERS if headers is None else headers)  # type: ignore[arg-type]
    message.reply = "$JS.ACK.IN_acme.door.1.7.7.1767268800000000000.0"
    return message


def structured(**changes: Any) -> Msg:
    event = {
        "specversion": "1.0", "id": "id-1", "source": "/acme", "type": "RegisterDataset",
        "time": "2026-01-01T12:00:00Z", "data": BODY, **changes,
    }  # fmt: skip
    return arrived(event, {"content-type": "application/cloudevents+json; charset=utf-8"})


def test_what_meets_its_contract_goes_on_in_the_publisher_s_name() -> None:
    outgoing = admitted(CARD, arrived())
    assert outgoing.address == ADDRESS
    assert json.loads(outgoing.data) == BODY
    assert outgoing.headers["ce-source"] == "acme"
    assert outgoing.headers["trackside-correlation-id"] == "id-1"


def test_the_id_is_of_the_publisher_and_its_message_so_that_nobody_takes_another_s() -> None:
    other = CARD.model_copy(update={"name": "other"})
    raw = arrived()
    first, again = admitted(CARD, raw), admitted(CARD, arrived())
    raw.subject = f"in.other.{ADDRESS}"
    assert first.headers["Nats-Msg-Id"] == again.headers["Nats-Msg-Id"]
    assert first.headers["ce-id"] != admitted(other, raw).headers["ce-id"]


def test_the_structured_mode_of_cloudevents_says_the_same_as_the_binary_one() -> None:
    assert admitted(CARD, structured()).headers == admitted(CARD, arrived()).headers


def test_data_in_base64_is_data() -> None:
    raw = structured(data_base64=base64.b64encode(json.dumps(BODY).encode()).decode())
    assert json.loads(admitted(CARD, raw).data) == BODY


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (arrived(b"no json"), "Invalid JSON"),
        (arrived({**BODY, "folds": 10}), "folds: Extra inputs are not permitted"),
        (arrived({"ingestion_id": "ing-1"}), "name: Field required"),
        (arrived(headers={}), "header ce-id is missing"),
        (arrived(headers={**HEADERS, "ce-time": "noon"}), "ce-time must be an RFC 3339 time"),
        (arrived(address="cmd.ingest.dataset.register.v1.ing-2"), "ends in another key"),
        (
            arrived(address="cmd.training.experiment.cancel.v1.exp-1"),
            "may not send CancelExperiment; its card names Regis",
        ),
        (arrived(address="cmd.no.such.thing.v1.x"), "no contract has this subject"),
        (structured(data=None), "Input should be an object"),
        (structured(id="id-1\r\nNats-Rollup: all"), "attribute ce-id holds a control character"),
        (structured(id="\ud800"), "ce-id must have 1 to 256 characters"),
        (arrived(headers={**HEADERS, "ce-id": "x" * 257}), "ce-id must have 1 to 256 characters"),
        (structured(data_base64="?"), "no CloudEvent in JSON"),
        (arrived(b"[1]", {"content-type": "application/cloudevents+json"}), "no CloudEvent in JSON"),
        (arrived(b"[" * 50_000, {"content-type": "application/cloudevents+json"}), "no CloudEvent in JSON"),
    ],
)
def test_what_does_not_meet_its_contract_is_refused_with_what_is_wrong(raw: Msg, problem: str) -> None:
    with pytest.raises(MalformedMessage, match=problem):
        admitted(CARD, raw)


def test_a_refusal_is_kept_under_the_id_that_its_sender_knows() -> None:
    letter = refused(CARD, arrived(b"no json"), "no\r\njson")
    assert letter.address == "dead.outside-acme.id-1"
    assert letter.data == b"no json"
    assert letter.headers["trackside-dead-reason"] == "no  json"
    assert letter.headers["trackside-dead-subject"] == f"in.acme.{ADDRESS}"


@pytest.mark.parametrize("given", ["", "a.b", "*", "é", "x" * 200])
def test_a_refusal_without_a_usable_id_is_kept_under_its_place_in_the_stream(given: str) -> None:
    assert refused(CARD, arrived(headers={"ce-id": given}), "no").address == "dead.outside-acme.sequence-7"


def test_a_broken_trace_is_left_behind() -> None:
    assert "traceparent" not in admitted(CARD, arrived(headers={**HEADERS, "traceparent": "00-x"})).headers


def test_what_orders_nats_server_about_does_not_stay_with_a_refusal() -> None:
    given = {**HEADERS, "Nats-Expected-Stream": "IN_acme", "nats-rollup": "all", "Status": "404", "mine": "kept"}
    left = refused(CARD, arrived(headers=given), "no").headers
    assert {"Nats-Expected-Stream", "nats-rollup", "Status"}.isdisjoint(left)
    assert left["mine"] == "kept"


def test_an_older_version_of_a_command_goes_on_as_the_newest_one() -> None:
    card = CARD.model_copy(update={"may": ("Measure",)})
    old = MeasureV1(thing_id="thing-1", seconds=1.5)
    raw = arrived(old.model_dump_json().encode(), address=old.address)
    outgoing = admitted(card, raw, BOTH_VERSIONS)
    assert outgoing.address == "cmd.test.thing.measure.v2.thing-1"
    assert json.loads(outgoing.data) == {"thing_id": "thing-1", "milliseconds": 1500}
