import pytest

from services.ingest.api.limits import Places, Rate, Turns
from services.ingest.api.refusals import TooFast, TooManyAtOnce


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_who_comes_too_often_is_told_when_to_come_again() -> None:
    clock = Clock()
    rate = Rate(0.5, clock)
    rate.take("ana")
    with pytest.raises(TooFast) as refused:
        rate.take("ana")
    assert refused.value.retry_after == 2
    clock.now = 2.0
    rate.take("ana")


def test_over_time_no_more_go_through_than_the_rate_and_one_burst() -> None:
    clock = Clock()
    rate = Rate(10, clock)
    taken = 0
    for step in range(1000):
        clock.now = step / 100
        try:
            rate.take("ana")
        except TooFast:
            continue
        taken += 1
    assert 100 <= taken <= 120


def test_one_client_does_not_use_up_what_another_may() -> None:
    rate = Rate(0.5, Clock())
    rate.take("ana")
    rate.take("bob")
    with pytest.raises(TooFast, match="ana came more often"):
        rate.take("ana")


def test_those_who_came_long_ago_are_forgotten() -> None:
    clock = Clock()
    rate = Rate(10, clock)
    for number in range(1000):
        rate.take(f"client-{number}")
    clock.now = 60.0
    rate.take("ana")
    assert len(rate._spent) == 1


def test_places_come_free_again_whatever_happens() -> None:
    places = Places(1, "INGEST_HTTP_WAITING")
    full = pytest.raises(TooManyAtOnce, match="INGEST_HTTP_WAITING, which is 1")
    with places.held("ana"), places.held("bob"), full, places.held("ana"):
        pass
    with pytest.raises(ZeroDivisionError), places.held("ana"):
        raise ZeroDivisionError
    with places.held("ana"):
        pass


async def test_a_turn_comes_when_another_is_over_and_not_for_ever_later() -> None:
    turns = Turns(1, "INGEST_HTTP_LFS_UPLOADING", patience=0.01)
    async with turns.held("ana"), turns.held("bob"):
        with pytest.raises(TooManyAtOnce, match="INGEST_HTTP_LFS_UPLOADING, which is 1"):
            async with turns.held("ana"):
                pass
    with pytest.raises(ZeroDivisionError):
        async with turns.held("ana"):
            raise ZeroDivisionError
    async with turns.held("ana"):
        pass
    assert turns._turns == {}
