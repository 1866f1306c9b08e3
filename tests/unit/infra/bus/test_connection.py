import asyncio

import pytest
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
