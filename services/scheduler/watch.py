"""The safety net under the alarms: a schedule that is overdue is woken, whatever became of its alarm."""

import asyncio
from datetime import timedelta
from functools import partial

from contracts.schedules import ScheduleDue
from infra.bus import Bus
from infra.bus.insisting import insist
from infra.clock import Clock
from infra.logs import logger
from infra.state import State
from services.scheduler.schedule_store import ScheduleStore
from services.scheduler.store import METADATA

log = logger(__name__)

_OVERDUE = timedelta(seconds=2)
"""How late an alarm may ring before it counts as lost."""


class Watch:
    """Sets the alarms of overdue slots again, at the start and every few seconds."""

    def __init__(self, state_url: str, clock: Clock, seconds: float) -> None:
        """``seconds`` is the time between two looks."""
        self._state_url = state_url
        self._clock = clock
        self._seconds = seconds

    async def run(self, bus: Bus) -> None:
        """Watch for ever."""
        state = State(self._state_url, METADATA)
        try:
            while True:
                await insist("the watch over schedules", partial(self.look, state, bus))
                await asyncio.sleep(self._seconds)
        finally:
            state.close()

    async def look(self, state: State, bus: Bus) -> None:
        """Wake every schedule that is overdue."""
        for alarm in await asyncio.to_thread(self._overdue, state):
            log.info("overdue", schedule=alarm.schedule_id, due=alarm.due.isoformat())
            await bus.publish(alarm)

    def _overdue(self, state: State) -> list[ScheduleDue]:
        with state.transaction() as transaction:
            return ScheduleStore(transaction).overdue(self._clock() - _OVERDUE)
