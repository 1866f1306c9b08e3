import io

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.records import Records
from services.ingest.reading.joining import records

texts = st.text(st.sampled_from('a",;\n'), max_size=30).map(str.encode)


@given(texts)
def test_records_end_where_the_independent_count_sees_them_end(text: bytes) -> None:
    count = Records(",", blank_lines_count=True)
    count.feed(text)
    if count.unclosed is not None:
        return
    found = list(records(io.BytesIO(text), b","))
    assert len(found) == count.count
    assert b"".join(raw for raw, _ in found) == text
    assert all(b",".join(fields) == raw.removesuffix(b"\n") for raw, fields in found)


def test_a_value_keeps_its_quotes_and_what_it_holds() -> None:
    rows = io.BytesIO(b'a;"b;""c""\n"\n\n"";x"y\n')
    assert [fields for _, fields in records(rows, b";")] == [
        [b"a", b'"b;""c""\n"'],
        [b""],
        [b'""', b'x"y'],
    ]
