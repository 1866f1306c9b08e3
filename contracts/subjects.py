"""From an address to its message: which class reads it, and what the newest version makes of it.

The one place that knows of versions. Whoever hears or obeys a message knows its newest version only: what is said in an
older one is brought up here, and what is newer than this release is refused with the reason.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from contracts.errors import MalformedMessage
from contracts.message import Message

_SUBJECT = re.compile(r"(?P<stem>(?:[^.]+\.){3}[^.]+)\.v(?P<version>[1-9]\d*)")


def stem_of(kind: type[Message]) -> str:
    """Return a message's subject without its version."""
    return kind.subject.rpartition(".v")[0]


def version_of(kind: type[Message]) -> int:
    """Return which version of its message a class is, from 1."""
    return int(kind.subject.rpartition(".v")[2])


def versions_of(kind: type[Message]) -> tuple[type[Message], ...]:
    """Return the newest version of a message and the older ones that are still read."""
    return (kind, *kind.older)


def addresses_of(kinds: Iterable[type[Message]], key: str = "*") -> list[str]:
    """Return where messages are said, in each version that is read: a program of an older release says the older one.

    They are about ``key``, or else about any.
    """
    return [f"{version.subject}.{key}" for kind in kinds for version in versions_of(kind)]


class Subjects:
    """The messages that a release reads, each in its newest version and in the older ones that it still reads."""

    def __init__(self, newest: Iterable[type[Message]]) -> None:
        """``newest`` are the newest versions; each names its older ones itself."""
        kinds = tuple(newest)
        self.all: tuple[type[Message], ...] = tuple(version for kind in kinds for version in versions_of(kind))
        """Each version of each message."""
        self.by_subject: Mapping[str, type[Message]] = MappingProxyType({kind.subject: kind for kind in self.all})
        self._newest = {stem_of(kind): kind for kind in kinds}

    def class_of(self, address: str) -> type[Message]:
        """Return the class of the message on ``address``, a subject with its key, in the version that it has there.

        Raises:
            MalformedMessage: if no contract owns the subject, or none of its versions that this release reads.
        """
        subject = address.rpartition(".")[0]
        try:
            return self.by_subject[subject]
        except KeyError:
            raise MalformedMessage(address, self._unread(subject)) from None

    def newest_of(self, kind: type[Message]) -> type[Message]:
        """Return the newest version of a message."""
        return self._newest[stem_of(kind)]

    def read(self, address: str, data: bytes) -> Message:
        """Return the message on ``address`` as its newest version says it.

        Raises:
            MalformedMessage: if no contract of this release describes it.
        """
        return self.class_of(address).parse(data).newest()

    def _unread(self, subject: str) -> str:
        """Return why a subject is not read."""
        found = _SUBJECT.fullmatch(subject)
        kind = self._newest.get(found["stem"]) if found else None
        if found is None or kind is None:
            return "no contract has this subject"
        if int(found["version"]) > version_of(kind):
            return (
                f"it is version {found['version']} of {kind.__name__}, and this release reads versions up to "
                f"{version_of(kind)}: a newer release said it, so run that or a later one"
            )
        return f"version {found['version']} of {kind.__name__} is not read any more; say version {version_of(kind)}"
