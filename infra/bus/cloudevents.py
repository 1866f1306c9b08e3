"""CloudEvents 1.0 in the structured mode: an event in one JSON object, as it comes in from outside and goes out."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from contracts.errors import MalformedMessage
from infra.bus import Envelope

STRUCTURED = "application/cloudevents+json"
"""The media type of an event that is one JSON object; of all others the attributes stand in headers."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DATA = ("data", "data_base64")


def unfolded(address: str, body: bytes) -> tuple[dict[str, str], bytes]:
    """Return the attributes, as the headers of the binary mode, and the data of an event in the structured mode.

    Raises:
        MalformedMessage: if it is no such event.
    """
    try:
        event = json.loads(body)
        attributes = {f"ce-{name}": value for name, value in event.items() if name not in _DATA and value is not None}
        encoded = event.get("data_base64")
        data = json.dumps(event["data"]).encode() if encoded is None else base64.b64decode(encoded, validate=True)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, binascii.Error):
        raise MalformedMessage(address, "the body is no CloudEvent in JSON with its message in data") from None
    return on_one_line(address, {name: str(value) for name, value in attributes.items()}), data


def folded(envelope: Envelope, key: str, sequence: int, data: Any) -> dict[str, Any]:
    """Return a message as one object; ``sequence`` is its place in the stream, as text that sorts as numbers do."""
    return {
        "specversion": "1.0",
        "id": envelope.id,
        "source": envelope.source,
        "type": envelope.type,
        "subject": key,
        "time": envelope.time.isoformat(),
        "datacontenttype": "application/json",
        "sequence": f"{sequence:020}",
        "correlationid": envelope.correlation_id,
        "data": data,
    }


def on_one_line(address: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers, each of which can be sent on as one line and no more.

    Raises:
        MalformedMessage: naming one that cannot; whoever put a line feed there wrote headers of others.
    """
    for name, value in headers.items():
        if _CONTROL.search(name + value):
            raise MalformedMessage(address, f"attribute {_CONTROL.sub('?', name)} holds a control character")
    return dict(headers)
