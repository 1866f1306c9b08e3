"""Words of the form ``key=value``, and whether a kind of source knows them."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from contracts.sources import ListSources, SourceAsked, SourceKind, SourceOption
from infra.bus import Bus
from ui.cli.exits import WrongUsage


def pairs(words: Iterable[str]) -> dict[str, str]:
    """Return the value of each key.

    >>> pairs(["prefix=2026/", "query=select a=b"])
    {'prefix': '2026/', 'query': 'select a=b'}

    Raises:
        WrongUsage: if a word is no such pair, or a key stands there twice; the value is never repeated.
    """
    found: dict[str, str] = {}
    for number, word in enumerate(words, 1):
        key, sign, value = word.partition("=")
        if not sign or not key:
            raise WrongUsage(f"Word {number} after the names is no key=value. Write for example: prefix=2026/")
        if key in found:
            raise WrongUsage(f"{key} is given twice. Give it once.")
        found[key] = value
    return found


def kind_of(name: str, kinds: Iterable[SourceKind]) -> SourceKind:
    """Return the kind of this name.

    Raises:
        WrongUsage: if there is none.
    """
    known = {kind.kind: kind for kind in kinds}
    if name not in known:
        there = f"There are: {', '.join(known)}." if known else "No connector is installed where ingest runs."
        raise WrongUsage(f"There is no source of the kind {name!r}.{_meant(name, known)} {there}")
    return known[name]


async def checked(bus: Bus, asked: SourceAsked) -> None:
    """Find out whether ingest could read what is asked for, before it is asked.

    Raises:
        WrongUsage: saying what is wrong with the kind, the options or the credentials.
    """
    known = kind_of(asked.kind, (await bus.ask(ListSources())).kinds)
    check(asked.options, known.options, known.kind)
    if asked.credentials and not known.secrets:
        raise WrongUsage(f"A source of the kind {known.kind} takes no credentials. Leave --credentials out.")


def check(given: Collection[str], wanted: Iterable[SourceOption], kind: str) -> None:
    """Find out whether ``given`` are keys that ``kind`` knows, and all that it needs.

    Raises:
        WrongUsage: naming each that is unknown or missing.
    """
    known: Mapping[str, SourceOption] = {option.name: option for option in wanted}
    unknown = [f"{key} is unknown.{_meant(key, known)}" for key in given if key not in known]
    missing = [
        f"{name} is missing: {_lowered(option.meaning)}"
        for name, option in known.items()
        if option.required and name not in given
    ]
    if unknown or missing:
        faults = "\n".join((*unknown, *missing))
        raise WrongUsage(f"{faults}\nWhat a source of the kind {kind} wants to know: trackside sources {kind}")


def _meant(key: str, known: Iterable[str]) -> str:
    alike = get_close_matches(key, list(known), n=1)
    return f" Did you mean {alike[0]}?" if alike else ""


def _lowered(sentence: str) -> str:
    """Return a sentence as it goes on after a colon; an abbreviation stays.

    >>> _lowered("Where it is."), _lowered("SQL to run.")
    ('where it is.', 'SQL to run.')
    """
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]
