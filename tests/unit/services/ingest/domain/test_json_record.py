import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.json_record import Lines, NotARecord, decoder, record_of

PLAIN = decoder(as_written=False)
AS_WRITTEN = decoder(as_written=True)

documents = st.dictionaries(
    st.text(max_size=3),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ),
    max_size=4,
)


@given(documents)
def test_an_object_is_a_record(document: dict[str, Any]) -> None:
    line = json.dumps(document).encode()
    assert record_of(line, PLAIN) == record_of(line, AS_WRITTEN) == document


def test_not_a_number_is_missing() -> None:
    assert record_of(b'{"a": NaN, "b": -Infinity}\r\n', PLAIN) == {"a": None, "b": float("-inf")}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"a": 1', "is not JSON: Expecting ',' delimiter at character 8"),
        (b'{"a": 1} {"a": 2}', "is not JSON: Extra data at character 10"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "has the key c twice"),
        (b"[1]", "holds no object with keys and values"),
        (b'{"a": "\xe9"}', "is not UTF-8: byte 8 is 0xe9"),
        (b'{"a": "\\ud800"}', "holds half of a character, a surrogate without its other half"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "holds an integer of thousands of digits"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "is nested more than 100 deep"),
        (b"[" * 100_000, "is nested more than 100 deep"),
    ],
)
@pytest.mark.parametrize("read", [PLAIN, AS_WRITTEN], ids=["plain", "as written"])
def test_a_line_that_holds_no_record_is_told(line: bytes, problem: str, read: json.JSONDecoder) -> None:
    with pytest.raises(NotARecord) as fault:
        record_of(line, read)
    assert str(fault.value) == problem


@given(st.binary(max_size=40).map(lambda data: data.translate(bytes(b"\n \ra"[byte % 4] for byte in range(256)))))
def test_lines_are_counted_wherever_blocks_end(data: bytes) -> None:
    expected = sum(b"a" in line for line in data.split(b"\n"))
    for size in (1, 3, 40):
        lines = Lines()
        assert b"".join(lines.feed(data[i : i + size]) for i in range(0, len(data), size)) == data
        assert lines.count == expected
