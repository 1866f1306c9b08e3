import pytest

from services.scheduler.domain.cron import Cron
from services.scheduler.domain.errors import NotACronExpression


@pytest.mark.parametrize(
    "text", ["0 0 3 * * *", "0 3 * *", "@daily", "", "61 3 * * *", "0 24 * * *", "x 3 * * *", "0 0 31 2 *"]
)
def test_what_does_not_say_when_is_refused(text: str) -> None:
    with pytest.raises(NotACronExpression) as refused:
        Cron.parse(text)
    assert "'0 3 * * *' is 03:00 every day" in refused.value.cure


def test_the_refusal_of_six_fields_counts_them() -> None:
    with pytest.raises(NotACronExpression, match="it has 6 fields, not five"):
        Cron.parse("0 0 3 * * *")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 3 * * *", "At 03:00 every day"),
        ("*/15 8-18 * * 1-5", "Every 15th minute from 08:00 through 18:59 on Monday through Friday"),
        ("0  9 * *  MON#1", "At 09:00 on the first Monday of the month"),
    ],
)
def test_an_expression_is_explained(text: str, words: str) -> None:
    assert Cron.parse(text).explained() == words
