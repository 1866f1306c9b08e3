import pytest

from services.ingest.domain.sheet_xml import SheetScan

SHEET = (
    b'<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"/>'
    b'<row r="3"><c r="A3" s="1"/></row><row r="4"><c r="A4"><f>A1+1</f><v>2</v></c></row>'
    b'<row r="5"><c r="A5" t="inlineStr"><is><t xml:space="preserve"> x</t></is></c><c r="B5"><v/></c></row>'
    b"</sheetData>%b</worksheet>"
)


def scanned(xml: bytes, size: int) -> SheetScan:
    scan = SheetScan()
    for start in range(0, len(xml), size):
        scan.feed(xml[start : start + size])
    scan.finish()
    return scan


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("prefix", [b"", b"x:"])
def test_rows_with_a_value_are_counted_wherever_blocks_end(size: int, prefix: bytes) -> None:
    xml = (
        (SHEET % b"")
        .replace(b"</", b"<\x00")
        .replace(b"<", b"<" + prefix)
        .replace(b"<" + prefix + b"\x00", b"</" + prefix)
    )
    scan = scanned(xml, size)
    assert (scan.rows, scan.uncalculated, scan.merged) == (3, 0, [])


def test_merged_cells_are_found_behind_the_rows() -> None:
    merged = b'<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A3:A9"/></mergeCells>'
    assert scanned(SHEET % merged, 64).merged == ["A1:B1", "A3:A9"]


@pytest.mark.parametrize(
    ("cell", "uncalculated"),
    [
        (b'<c r="A1"><f>1+1</f><v></v></c>', 1),
        (b'<c r="A1"><f>1+1</f><v /></c>', 1),
        (b'<c r="A1"><f t="shared" si="0"/></c>', 1),
        (b'<c r="A1"><f>1+1</f><v>2</v></c>', 0),
        (b'<c r="A1" t="str"><f>""</f><v></v></c>', 0),
        (b'<c r="A1"><v>2</v></c>', 0),
    ],
)
def test_a_formula_without_a_value_is_found(cell: bytes, uncalculated: int) -> None:
    assert scanned(b"<row>" + cell + b"</row>", 5).uncalculated == uncalculated
