"""The five kinds of message, and how one is addressed.

A subject is ``<kind>.<context>.<entity>.<name>.v<N>.<key>``. The class holds it without its key, as a literal, so that
grep finds it; the key comes from the field that ``keyed_by`` names.

A message that changes its shape becomes a new class with the next version. The older one stays beside it, is named in
its ``older``, and says by ``upcast`` what it means there.
"""

from typing import ClassVar, Generic, Self, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from contracts.errors import MalformedMessage
from contracts.faults import faults_of


class Value(BaseModel):
    """A part of a message: frozen, and tolerant of fields that a later version adds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Message(Value):
    """What travels over the bus; the class says where."""

    subject: ClassVar[str]
    keyed_by: ClassVar[str]
    older: ClassVar[tuple[type["Message"], ...]] = ()
    """The older versions that are still read, the latest first."""

    @property
    def key(self) -> str:
        """Return the last token of the subject: whose story this message belongs to."""
        return str(getattr(self, self.keyed_by))

    @property
    def address(self) -> str:
        """Return the whole subject that this message is published on."""
        return f"{self.subject}.{self.key}"

    @classmethod
    def context(cls) -> str:
        """Return the bounded context that owns this message."""
        return cls.subject.split(".")[1]

    def upcast(self) -> "Message":
        """Return this message as the next version says it; the newest version returns itself."""
        return self

    def newest(self) -> "Message":
        """Return this message as the newest version says it."""
        message: Message = self
        while (later := message.upcast()) is not message:
            message = later
        return message

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Return the message in ``data``.

        Raises:
            MalformedMessage: if the bytes do not meet the contract; it names each field at fault, never its value.
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            raise MalformedMessage(cls.subject, "; ".join(faults_of(error, "message"))) from None


class Event(Message):
    """A fact: stated once by its owner, kept for ever, heard by anyone."""


class Refused(Event):
    """The fact that a command was not obeyed: its answer, with the cause and the cure."""

    reason: str
    cause: str
    cure: str


class Command(Message):
    """An order to its owner, obeyed once; the sender makes the key and listens on it for the answer.

    Unlike a fact, it refuses fields that it does not know: a misspelt setting must not be lost in silence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


class Progress(Message):
    """A sign of life between facts: may be lost, never a source of truth."""


class Alarm(Message):
    """What a service wants to be told at a time to come: it says so now, and hears it then.

    There is one for each key; a later one takes its place. It may ring late, twice, or after it was of use, so whoever
    hears it looks at the clock and at what it knows.
    """

    due: AwareDatetime
    """When it rings; at once if that is over."""

    @property
    def armed(self) -> str:
        """Return the subject that it waits on until it is due."""
        return armed(self.address)


AnswerT = TypeVar("AnswerT", bound=Value)


class Query(Message, Generic[AnswerT]):
    """A question to its owner, which changes nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: ClassVar[type[Value]]


class QueryRefused(Value):
    """The answer to a question that cannot be answered."""

    reason: str
    cause: str
    cure: str


def armed(address: str) -> str:
    """Return where the alarm that rings on ``address`` waits until it is due."""
    return f"sched.armed.{address.partition('.')[2]}"
