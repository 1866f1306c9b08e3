from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from contracts.ids import ScheduleId
from contracts.schedules import LastSlot, ScheduleSummary
from contracts.sources import SourceAsked
from ui.cli.exits import WrongUsage
from ui.cli.schedule import moment, told
from ui.cli.schedules import last_of, next_of

NIGHT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
FRESH = ScheduleSummary(
    schedule_id=ScheduleId("nightly"),
    cron="0 3 * * *",
    zone="Europe/Paris",
    explained="At 03:00 every day, Europe/Paris",
    dataset="penguins",
    source=SourceAsked(kind="s3"),
    missed="once",
    next=(NIGHT,),
)
OVER = FRESH.model_copy(update={"next": ()})


def with_last(**fields: object) -> ScheduleSummary:
    return FRESH.model_copy(update={"last": LastSlot.model_validate({"slot": NIGHT, "decided": "read"} | fields)})


def test_an_end_is_by_the_clock_of_the_zone_unless_it_says_otherwise() -> None:
    assert moment("2027-01-31T12:00", "Europe/Paris") == datetime(2027, 1, 31, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert moment("2027-01-31T12:00Z", "Europe/Paris") == datetime(2027, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("text", "zone"), [("tomorrow", "UTC"), ("2027-01-31", "Europe/Atlantis"), ("2027-01-31", "")])
def test_an_end_that_is_no_time_is_wrong_usage(text: str, zone: str) -> None:
    with pytest.raises(WrongUsage, match="is no time of"):
        moment(text, zone)


def test_a_schedule_is_told_by_its_own_clock() -> None:
    assert told(FRESH) == "At 03:00 every day, Europe/Paris; next: 2026-11-26 03:00"
    assert told(OVER) == "At 03:00 every day, Europe/Paris; it is over"
    assert (next_of(FRESH), next_of(OVER)) == ("2026-11-26 03:00", "over")


def test_what_became_of_the_latest_slot_is_told() -> None:
    assert last_of(FRESH) == ""
    assert last_of(with_last()) == "2026-11-26 03:00 is read"
    assert last_of(with_last(answer="refused: It is away.")) == "2026-11-26 03:00 refused: It is away."
    assert last_of(with_last(decided="skipped", why="Missed.")) == "2026-11-26 03:00 skipped: Missed."
