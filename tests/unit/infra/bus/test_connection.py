import asyncio

import pytest
from nats.errors import Error
from structlog.testing import capture_logs

from infra.bus.connection import Complaints


class Seconds:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


def test_a_complaint_that_repeats_is_logged_once_in_some_seconds(clock: Seconds) -> None:
    complaints = Complaints(clock)
    with capture_logs() as logged:
        for clock.now in (0.0, 0.25, 4.9, 5.0, 5.25):
            asyncio.run(complaints.report(OSError("refused")))
    assert [entry["error"] for entry in logged] == ["refused", "refused"]


def test_another_complaint_is_logged_at_once(clock: Seconds) -> None:
    complaints = Complaints(clock)
    with capture_logs() as logged:
        asyncio.run(complaints.report(OSError("refused")))
        asyncio.run(complaints.report(TimeoutError()))
    assert [entry["error"] for entry in logged] == ["refused", "TimeoutError"]


def test_each_denial_is_counted_and_the_last_is_kept_however_seldom_it_is_logged(clock: Seconds) -> None:
    told: list[None] = []
    complaints = Complaints(clock, on_denied=lambda: told.append(None))
    denial = Error('nats: permissions violation for publish to "evt.x"')
    for _ in range(3):
        asyncio.run(complaints.report(denial))
    asyncio.run(complaints.report(OSError("refused")))
    assert (complaints.denied, len(told), complaints.last_denied) == (3, 3, str(denial))


def test_an_answer_that_comes_too_late_is_no_denial(clock: Seconds) -> None:
    complaints = Complaints(clock)
    asyncio.run(complaints.report(Error('nats: permissions violation for publish to "_inbox_supervisor.x.y"')))
    assert complaints.denied == 0
