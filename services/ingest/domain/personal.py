"""Hints that a column tells of persons: by its name, and by what a sample of its values looks like."""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from contracts.profiles import PersonalHint, PersonalKind

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"(\+|00|\(|0)[\d\s()./-]{6,20}\d")
_SSN = re.compile(r"(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_CARD = re.compile(r"[2-6]\d{12,18}")
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")

_NAMES: Mapping[PersonalKind, re.Pattern[str]] = MappingProxyType(
    {
        "email": re.compile(r"e?_?mail(_?addr(ess)?)?$|email"),
        "phone": re.compile(r"(^|_)(tele)?phone|(^|_)(tel|mobile|fax|handy)(_|$)"),
        "ssn": re.compile(r"(^|_)(ssn|social_security\w*|national_id|passport\w*|tax_id)(_|$)"),
        "iban": re.compile(r"(^|_)iban(_|$)"),
        "card": re.compile(r"(credit|debit|card)_?(card_?)?(no|nr|num|number|pan)(_|$)"),
        "name": re.compile(
            r"(^|_)(first|last|full|given|family|middle|maiden|sur|fore|nick|user|customer|patient|person|employee)"
            r"_?names?(_|$)|^(vor|nach)name$"
        ),
    }
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[^\w]+")


def _is_email(value: str) -> bool:
    return _EMAIL.search(value) is not None


def _is_phone(value: str) -> bool:
    digits = sum(c.isdigit() for c in value)
    return _PHONE.fullmatch(value) is not None and 7 <= digits <= 15 and _DATE.fullmatch(value) is None


def _is_ssn(value: str) -> bool:
    return _SSN.fullmatch(value) is not None


def _is_iban(value: str) -> bool:
    packed = value.replace(" ", "").upper()
    if _IBAN.fullmatch(packed) is None:
        return False
    return int("".join(str(int(c, 36)) for c in packed[4:] + packed[:4])) % 97 == 1


def _is_card(value: str) -> bool:
    packed = value.replace(" ", "").replace("-", "")
    if _CARD.fullmatch(packed) is None:
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in packed[-2::-2])
    return (sum(map(int, packed[::-2])) + sum(doubled)) % 10 == 0


_LOOKS: Mapping[PersonalKind, tuple[Callable[[str], bool], float]] = MappingProxyType(
    {
        "email": (_is_email, 0.01),
        "ssn": (_is_ssn, 0.05),
        "iban": (_is_iban, 0.05),
        "card": (_is_card, 0.3),  # one number in ten passes by chance
        "phone": (_is_phone, 0.3),
    }
)
"""How a value is told, and the share of the sample from which on that is a hint."""


def hint_of(column: str, sample: Iterable[str]) -> PersonalHint | None:
    """Return the hint that ``column`` tells of persons, with what it rests on; None if there is none.

    >>> hint_of("contact", ["a@b.org", "c@d.org", "none"])
    PersonalHint(kind='email', by_name=False, matched=2, sampled=3)
    >>> hint_of("mass", ["3700", "5000"])
    """
    values = [value.strip() for value in sample]
    named = _named(column)
    for kind, (looks, share) in _LOOKS.items():
        matched = sum(map(looks, values))
        if matched and matched >= share * len(values):
            return PersonalHint(kind=kind, by_name=named == kind, matched=matched, sampled=len(values))
    return PersonalHint(kind=named, by_name=True, matched=0, sampled=len(values)) if named else None


def _named(column: str) -> PersonalKind | None:
    words = _CAMEL.sub("_", column).lower()
    return next((kind for kind, pattern in _NAMES.items() if pattern.search(words)), None)
