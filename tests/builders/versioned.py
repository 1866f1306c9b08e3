"""A fact and a command that changed their shape: a duration was in seconds, and is in whole milliseconds now."""

from typing import ClassVar

from contracts.ids import Key
from contracts.message import Command, Event, Message
from contracts.subjects import Subjects


class MeasureV1(Command):
    """Measure something, for so many seconds."""

    subject: ClassVar[str] = "cmd.test.thing.measure.v1"
    keyed_by: ClassVar[str] = "thing_id"

    thing_id: Key
    seconds: float

    def upcast(self) -> "Measure":
        """Say it in milliseconds."""
        return Measure(thing_id=self.thing_id, milliseconds=round(1000 * self.seconds))


class Measure(Command):
    """Measure something, for so many milliseconds."""

    subject: ClassVar[str] = "cmd.test.thing.measure.v2"
    keyed_by: ClassVar[str] = "thing_id"
    older: ClassVar[tuple[type[Message], ...]] = (MeasureV1,)

    thing_id: Key
    milliseconds: int


class MeasuredV1(Event):
    """Something was measured, in seconds."""

    subject: ClassVar[str] = "evt.test.thing.measured.v1"
    keyed_by: ClassVar[str] = "thing_id"

    thing_id: Key
    seconds: float

    def upcast(self) -> "Measured":
        """Say it in milliseconds."""
        return Measured(thing_id=self.thing_id, milliseconds=round(1000 * self.seconds))


class Measured(Event):
    """Something was measured, in milliseconds."""

    subject: ClassVar[str] = "evt.test.thing.measured.v2"
    keyed_by: ClassVar[str] = "thing_id"
    older: ClassVar[tuple[type[Message], ...]] = (MeasuredV1,)

    thing_id: Key
    milliseconds: int


PAIRS: tuple[type[Message], ...] = (Measure, Measured)
BOTH_VERSIONS = Subjects(PAIRS)
