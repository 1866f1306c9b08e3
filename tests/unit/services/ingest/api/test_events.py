import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import Refusal
from contracts.identities import ORDERS
from contracts.ingest import RegisterDataset
from infra.tokens import Caller, GrantMissing
from services.ingest.api.events import received
from services.ingest.api.refusals import CommandUnknown, EventMalformed, MediaTypeRefused
from tests.builders.tokens import NOW

BODY = {"ingestion_id": "ing-1", "name": "penguins", "upload": "uploads/1", "filename": "p.csv"}
HEADERS = {"ce-specversion": "1.0", "ce-id": "id-1", "ce-source": "/me", "ce-type": "RegisterDataset"}
STRUCTURED = {"content-type": "application/cloudevents+json; charset=utf-8"}
EVENT = {"specversion": "1.0", "id": "id-1", "source": "/me", "type": "RegisterDataset", "data": BODY}
ANYONE = Caller("ana", frozenset({"send"}), 0)


def read(headers: dict[str, str], body: Any, caller: Caller = ANYONE) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return received(headers, data, caller, lambda: NOW)


def test_both_modes_say_the_same() -> None:
    binary, structured = read(HEADERS, BODY), read(STRUCTURED, EVENT)
    assert binary.command == structured.command == RegisterDataset.model_validate(BODY)
    assert binary.envelope == structured.envelope
    assert (binary.envelope.id, binary.envelope.time) == ("id-1", NOW)


@pytest.mark.parametrize("stated", ["RegisterDataset", RegisterDataset.subject])
def test_a_command_goes_by_its_name_or_its_subject(stated: str) -> None:
    assert isinstance(read({**HEADERS, "ce-type": stated}, BODY).command, RegisterDataset)


def test_the_data_may_say_that_it_is_json_of_some_kind() -> None:
    for media in ("application/json; charset=utf-8", "application/vnd.trackside+json"):
        assert read({**HEADERS, "content-type": media}, BODY).envelope.id == "id-1"


def test_the_values_of_headers_are_percent_encoded_as_their_binding_says() -> None:
    assert read({**HEADERS, "ce-id": "Z%C3%BCrich%201"}, BODY).envelope.id == "Zürich 1"


def test_a_time_of_the_sender_stays() -> None:
    assert read({**HEADERS, "ce-time": "2026-01-01T00:00:00Z"}, BODY).envelope.time.year == 2026


@pytest.mark.parametrize("scopes", [{"send"}, {"send:RegisterDataset"}, {"send:RegisterDataset", "hear"}])
def test_a_scope_for_all_or_for_this_one_lets_it_through(scopes: set[str]) -> None:
    assert read(HEADERS, BODY, Caller("ana", frozenset(scopes), 0)).envelope.id == "id-1"


@pytest.mark.parametrize("command", ORDERS, ids=lambda command: command.__name__)
def test_no_other_scope_does(command: type) -> None:
    others = {f"send:{other.__name__}" for other in ORDERS if other is not command} | {"hear", "upload", "predict"}
    with pytest.raises(GrantMissing, match=f"send:{command.__name__}"):
        read({**HEADERS, "ce-type": command.__name__}, {}, Caller("ana", frozenset(others), 0))


@pytest.mark.parametrize(
    ("headers", "body", "refusal", "said"),
    [
        ({"content-type": "application/cloudevents-batch+json"}, [EVENT], MediaTypeRefused, "each event of a batch"),
        ({"content-type": "application/cloudevents+avro"}, b"", MediaTypeRefused, "cloudevents+avro"),
        ({**HEADERS, "content-type": "text/csv"}, b"a,b", MediaTypeRefused, "text/csv"),
        ({**HEADERS, "content-type": "application/x-www-form-urlencoded"}, BODY, MediaTypeRefused, "urlencoded"),
        ({**HEADERS, "ce-type": "FitCompleted"}, BODY, CommandUnknown, "'FitCompleted' is no command"),
        ({**HEADERS, "ce-type": "AddPublisher"}, BODY, CommandUnknown, "RegisterDataset, ReadSource, CancelIngestion"),
        ({**HEADERS, "ce-type": ""}, BODY, CommandUnknown, "no command"),
        ({}, BODY, EventMalformed, "specversion is not 1.0"),
        ({**HEADERS, "ce-specversion": "0.3"}, BODY, EventMalformed, "specversion is not 1.0"),
        ({**HEADERS, "ce-id": ""}, BODY, EventMalformed, "ce-id is missing"),
        ({**HEADERS, "ce-id": "x" * 257}, BODY, EventMalformed, "longer than 256"),
        ({**HEADERS, "ce-id": "a%0D%0ANats-Rollup: all"}, BODY, EventMalformed, "control character"),
        ({**HEADERS, "ce-time": "noon"}, BODY, EventMalformed, "RFC 3339"),
        ({**HEADERS, "ce-subject": "ing-2"}, BODY, EventMalformed, "not its ingestion_id, ing-1"),
        (HEADERS, b"", EventMalformed, "Invalid JSON"),
        (HEADERS, b"\xff", EventMalformed, "Invalid JSON"),
        (HEADERS, {**BODY, "folds": 3}, EventMalformed, "folds: Extra inputs"),
        (HEADERS, {**BODY, "ingestion_id": "a.b"}, EventMalformed, "ingestion_id"),
        (STRUCTURED, [EVENT], EventMalformed, "no CloudEvent in JSON"),
        (STRUCTURED, b"[" * 50_000, EventMalformed, "no CloudEvent in JSON"),
        (STRUCTURED, {**EVENT, "source": None}, EventMalformed, "ce-source is missing"),
        (STRUCTURED, {**EVENT, "data": None}, EventMalformed, "object"),
        (STRUCTURED, {**EVENT, "data_base64": "?"}, EventMalformed, "no CloudEvent in JSON"),
    ],
)
def test_what_does_not_meet_its_contract_is_refused_with_what_is_wrong(
    headers: dict[str, str], body: Any, refusal: type[Refusal], said: str
) -> None:
    with pytest.raises(refusal) as refused:
        read(headers, body)
    assert said in str(refused.value)


_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
_SPOILT = st.dictionaries(st.sampled_from([*EVENT, "data_base64", "subject", "time", "traceparent"]), _ANY_JSON)


@settings(max_examples=500, deadline=None)
@given(spoilt=_SPOILT, tail=st.binary(max_size=3))
def test_whatever_comes_is_read_or_refused_by_name(spoilt: dict[str, Any], tail: bytes) -> None:
    try:
        taken = read(STRUCTURED, json.dumps({**EVENT, **spoilt}).encode() + tail)
    except (CommandUnknown, EventMalformed):
        return
    assert taken.command.key


@settings(max_examples=500, deadline=None)
@given(
    headers=st.dictionaries(st.sampled_from([*HEADERS, "content-type", "ce-time", "ce-subject"]), st.text(max_size=30)),
    body=st.binary(max_size=100) | _ANY_JSON.map(lambda value: json.dumps(value).encode()),
)
def test_whatever_stands_in_headers_is_read_or_refused_by_name(headers: dict[str, str], body: bytes) -> None:
    try:
        taken = read({**HEADERS, **headers}, body)
    except (CommandUnknown, EventMalformed, MediaTypeRefused):
        return
    assert taken.command.key
