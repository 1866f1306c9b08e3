import pytest

from services.ingest.domain.kinds import Kind, kind_of


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("delay", ["1", "-2", "0", ""], Kind.INTEGER),
        ("delay", ["1", "2.0"], Kind.FLOAT),
        ("delay", ["1e3", ".5", "5."], Kind.FLOAT),
        ("delay", ["1,5", "2"], Kind.STRING),
        ("delay", ["0x1F", "1"], Kind.STRING),
        ("delay", ["1_000", "1"], Kind.STRING),
        ("count", ["9007199254740993"], Kind.EXACT),
        ("house", ["007", "12"], Kind.STRING),
        ("dial", ["+491", "+492"], Kind.STRING),
        ("zip", ["98101", "10001"], Kind.EXACT),
        ("zip", ["01234", "10001"], Kind.STRING),
        ("customerId", ["1", "2"], Kind.EXACT),
        ("customer_id", ["1.50", "2"], Kind.STRING),
        ("area code", ["1.5", "2"], Kind.FLOAT),
        ("idle", ["1", "2"], Kind.INTEGER),
        ("flag", ["true", "FALSE", "NA"], Kind.BOOLEAN),
        ("flag", ["yes", "no"], Kind.STRING),
        ("day", ["2026-11-24", "null"], Kind.DATE),
        ("day", ["24.11.2026"], Kind.STRING),
        ("day", ["01/02/2026"], Kind.STRING),
        ("at", ["2026-11-24T10:00", "2026-11-24 10:00:00.123456"], Kind.TIMESTAMP),
        ("at", ["2026-11-24", "2026-11-24 10:00"], Kind.TIMESTAMP),
        ("at", ["2026-11-24T10:00:00Z", "2026-11-24T10:00:00+02:00"], Kind.INSTANT),
        ("at", ["2026-11-24T10:00:00Z", "2026-11-24T10:00:00"], Kind.STRING),
        ("at", ["2026-11-24T10:00:00.123456789"], Kind.STRING),
        ("note", ["", "NA", "N/A", "NaN", "null", "None"], None),
        ("note", [], None),
    ],
)
def test_a_column_is_what_its_values_are(name: str, cells: list[str], kind: Kind | None) -> None:
    assert kind_of(name, cells) == kind


def test_a_slip_in_a_hundred_values_leaves_a_column_its_type() -> None:
    assert kind_of("delay", ["1"] * 199 + ["l2"]) == Kind.INTEGER
    assert kind_of("delay", ["1"] * 90 + ["l2"]) == Kind.STRING
    assert kind_of("day", ["2026-11-24"] * 199 + ["yesterday"]) == Kind.DATE
