import pytest

from services.ingest.domain.personal import hint_of


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["ada@example.org", "nothing", "alan@example.co.uk"], "email"),
        (["write to ada@example.org, please"], "email"),
        (["+49 151 2345678", "(0151) 234-5678", "0151/2345678"], "phone"),
        (["123-45-6789", "078-05-1120"], "ssn"),
        (["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"], "iban"),
        (["4111 1111 1111 1111", "5500-0000-0000-0004"], "card"),
    ],
)
def test_values_that_look_personal_are_a_hint(values: list[str], kind: str) -> None:
    hint = hint_of("column", values)
    assert hint is not None
    assert (hint.kind, hint.by_name, hint.sampled) == (kind, False, len(values))
    assert hint.matched > 0


@pytest.mark.parametrize(
    "values",
    [
        ["2026-11-24", "24.11.2026"],
        ["3700", "5000"],
        ["000-12-3456"],
        ["DE89370400440532013001"],
        ["4111111111111112"],
        ["@home", "a@b"],
        ["1234567890123456"],
        [],
    ],
)
def test_values_that_only_resemble_are_none(values: list[str]) -> None:
    assert hint_of("column", values) is None


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("first_name", "name"),
        ("lastName", "name"),
        ("Nachname", "name"),
        ("E-Mail", "email"),
        ("home phone", "phone"),
        ("SSN", "ssn"),
        ("iban", "iban"),
        ("card_number", "card"),
    ],
)
def test_a_name_alone_is_a_hint(column: str, kind: str) -> None:
    hint = hint_of(column, ["x"])
    assert hint is not None
    assert (hint.kind, hint.by_name, hint.matched) == (kind, True, 0)


@pytest.mark.parametrize("column", ["name", "filename", "species_name", "telemetry", "hotel", "cardinality", "lesson"])
def test_a_name_that_only_resembles_is_none(column: str) -> None:
    assert hint_of(column, ["x"]) is None
