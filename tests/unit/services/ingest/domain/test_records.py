import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.records import Records


def counted(data: bytes, *, block: int = 1 << 20, blank: bool = False) -> tuple[int, int | None, bytes]:
    records = Records(",", blank_lines_count=blank)
    out = b"".join(records.feed(data[i : i + block]) for i in range(0, len(data), block)) + records.finish()
    return records.count, records.unclosed, out


def reference(data: bytes) -> tuple[int, int | None, bytes]:
    """The same rules, one byte at a time."""
    out, count, opened, line, held = bytearray(), 0, 1, 1, False
    quoted = closed = False
    start, empty = True, True
    for byte in data:
        char = chr(byte)
        held, after_return = False, held
        if quoted:
            line += char == "\n"
            if char == '"':
                quoted, closed = False, True
            out.append(byte)
            continue
        if char == '"' and (start or closed):
            quoted, empty, opened = True, False, line
            out.append(byte)
            continue
        closed = False
        if char == "\n" and after_return:
            continue
        if char in "\r\n":
            held = char == "\r"
            line += 1
            count += not empty
            start, empty = True, True
            out.append(ord("\n"))
        else:
            start, empty = char == ",", False
            out.append(byte)
    return count + (not empty or quoted), opened if quoted else None, bytes(out)


@pytest.mark.parametrize(
    ("data", "records"),
    [
        (b"", 0),
        (b"a,b", 1),
        (b"a,b\n1,2\n", 2),
        (b"a,b\r\n1,2\r\n3,4", 3),
        (b"a,b\r1,2\r", 2),
        (b"a,b\n\n\n1,2\n\n", 2),
        (b'a,b\n"1\n2",3\n', 2),
        (b'a,b\n"say ""hi""\n",3\n', 2),
        (b'a,b\n5" pipe,1\n6" pipe,2\n', 3),
        (b'a,b\n"",\n', 2),
    ],
)
def test_a_record_ends_where_no_quote_is_open(data: bytes, records: int) -> None:
    assert counted(data)[0] == records


def test_a_blank_line_is_a_missing_value_where_there_is_one_column() -> None:
    assert counted(b"a\n1\n\n2\n\n", blank=True)[0] == 5


def test_a_quote_that_never_closes_is_told_by_its_line() -> None:
    assert counted(b'a,b\n1,"x\n2,y\n3,z\n')[1] == 2
    assert counted(b'a,b\n"1\n",2\n3,4\n')[1] is None


def test_line_ends_become_even_outside_quotes_only() -> None:
    assert counted(b'a\r\nb\rc\n"d\r\ne"\r\n')[2] == b'a\nb\nc\n"d\r\ne"\n'


@given(st.lists(st.sampled_from(['"', '""', ",", "\n", "\r\n", "\r", "x", "é"])), st.integers(1, 7))
def test_blocks_of_any_size_count_alike(parts: list[str], block: int) -> None:
    data = "".join(parts).encode()
    assert counted(data, block=block) == counted(data) == reference(data)


rows = st.lists(st.sampled_from(['"a","b"', '"a\n","""b"', '"","c,\n\n"', "", '5" x,"y"', '"a"', "x,y"]), min_size=1)


@given(rows, st.sampled_from(["\n", "\r\n"]), st.integers(400, 20_000), st.sampled_from(["", '\n"open']))
def test_many_quotes_at_once_count_as_one_by_one(rows: list[str], end: str, block: int, last: str) -> None:
    data = (end.join(rows * (3_000 // len(rows))) + last).encode()
    assert counted(data, block=block) == counted(data, block=1 << 20) == reference(data)
