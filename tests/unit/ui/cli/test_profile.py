import pytest

from contracts.ids import DatasetVersionId
from contracts.profiles import ColumnProfile, PersonalHint, Profile
from contracts.versions import DatasetVersions, VersionSummary
from tests.builders.messages import NOON, VERSION
from ui.cli.exits import Failed
from ui.cli.profile import chosen, personal_lines, sparkline


def a_version(number: int) -> VersionSummary:
    version = DatasetVersionId(VERSION)
    return VersionSummary(number=number, version=version, rows=60, columns=3, registered_at=NOON, profile=None)


FOUND = DatasetVersions(name="penguins", versions=(a_version(3), a_version(1)))


def test_the_latest_version_is_shown_unless_another_is_named() -> None:
    assert chosen(FOUND, None).number == 3
    assert chosen(FOUND, 1).number == 1
    with pytest.raises(Failed, match=r"The dataset penguins has no version 2\. It has 3, 1"):
        chosen(FOUND, 2)


def test_bars_are_as_high_as_counts() -> None:
    assert sparkline([8, 4, 1, 0]) == "█▄▁ "
    assert sparkline([]) == ""
    assert sparkline([1, 100_000]) == "▁█"


def test_what_may_be_personal_is_said_with_what_it_rests_on() -> None:
    seen = PersonalHint(kind="email", by_name=False, matched=3, sampled=4)
    named = PersonalHint(kind="name", by_name=True, matched=0, sampled=4)
    columns = [
        ColumnProfile(name=name, type="string", kind="text", missing=0, distinct=4, estimated=False, personal=hint)
        for name, hint in (("contact", seen), ("surname", named), ("note", None))
    ]
    assert [*personal_lines(Profile(rows=4, columns=tuple(columns)))] == [
        "[yellow]note[/] contact may hold personal data: email, 3 of 4 values that were looked at match",
        "[yellow]note[/] surname may hold personal data: name, by its name",
    ]
