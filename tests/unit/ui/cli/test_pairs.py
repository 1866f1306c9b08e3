import pytest

from contracts.sources import SourceKind, SourceOption
from ui.cli.exits import WrongUsage
from ui.cli.pairs import check, kind_of, pairs

BUCKET = SourceOption(name="bucket", meaning="Where it is.", required=True)
PREFIX = SourceOption(name="prefix", meaning="Which keys.", required=False)
LAKE = SourceKind(kind="lake", summary="A lake.", options=(BUCKET, PREFIX))


def test_a_value_may_hold_the_sign_itself() -> None:
    assert pairs(["query=select 1 where a=b", "prefix="]) == {"query": "select 1 where a=b", "prefix": ""}


@pytest.mark.parametrize("words", [["secret-word"], ["=secret-word"], ["a=secret-word", "a=secret-word"]])
def test_a_word_that_is_no_pair_is_wrong_usage_and_is_not_repeated(words: list[str]) -> None:
    with pytest.raises(WrongUsage) as wrong:
        pairs(words)
    assert "secret-word" not in str(wrong.value)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(WrongUsage) as wrong:
        check(["prefx", "colour"], LAKE.options, "lake")
    assert str(wrong.value).splitlines() == [
        "prefx is unknown. Did you mean prefix?",
        "colour is unknown.",
        "bucket is missing: where it is.",
        "What a source of the kind lake wants to know: trackside sources lake",
    ]


def test_what_is_known_and_complete_is_right() -> None:
    check(["bucket"], LAKE.options, "lake")
    check({"bucket": "b", "prefix": "p"}, LAKE.options, "lake")


def test_an_unknown_kind_is_told_what_there_is() -> None:
    assert kind_of("lake", [LAKE]) is LAKE
    with pytest.raises(WrongUsage, match=r"Did you mean lake\?.*There are: lake"):
        kind_of("lakes", [LAKE])
    with pytest.raises(WrongUsage, match="No connector is installed"):
        kind_of("lake", [])
