"""The promises, one function each: its sentence says what is promised, and it raises if the promise is broken."""

import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from contracts.errors import Refusal, Unavailable
from services.ingest.connectors import options_of
from services.ingest.domain.source_errors import WrongOptions
from services.ingest.sources import Files
from services.ingest.sources.conformance.case import Broken, Case, Unjudged, content_of

_UNKNOWN = "surely_no_option"
_READINGS = 6
_OPEN_FILES = Path("/proc/self/fd")


def says_what_it_is(case: Case) -> None:
    """It has a kind and a summary, and says what each option and secret means."""
    source = case.source
    if not source.kind or not source.summary:
        raise Broken("its kind or its summary is empty")
    fields = [*source.options.model_fields.items()]
    fields += source.credentials.model_fields.items() if source.credentials else ()
    silent = [name for name, field in fields if not field.description]
    if silent:
        raise Broken(f"{', '.join(silent)} has no sentence")


def refuses_unknown_options(case: Case) -> None:
    """It refuses options that it does not know."""
    try:
        options_of(case.source, {**case.options, _UNKNOWN: "x"})
    except WrongOptions:
        return
    raise Broken(f"it takes the option {_UNKNOWN}")


def hides_secrets(case: Case) -> None:
    """It shows no secret: not in where it reads, not in its lineage, not when its credentials are printed."""
    asked, proof = case.asked, case.proof
    if not asked.where:
        raise Broken("it does not say where it reads")
    with case.opened() as found:
        shown = f"{asked.where} {proof!r} {dict(found.lineage)}"
    if case.credentials and not case.secrets:
        raise Broken("none of its credentials is a SecretStr")
    if any(secret in shown for secret in case.secrets):
        raise Broken("a secret is shown")


def reads_the_same_twice(case: Case) -> None:
    """It gives the same rows, or files, when it is read twice, and each batch has the schema that it promised."""
    with case.opened() as first:
        before = content_of(first)
    with case.opened() as second:
        after = content_of(second)
    if before.digest != after.digest:
        raise Broken("two readings gave different rows, or the same in another order")


def opens_files_anew(case: Case) -> None:
    """It opens a file as often as is asked, from its beginning each time."""
    with case.opened() as found:
        if not isinstance(found, Files):
            raise Unjudged("it gives rows, which are read once")
        if content_of(found).digest != content_of(found).digest:
            raise Broken("a file that was opened again held something else")


def has_an_identity_of_its_rows(case: Case) -> None:
    """Its identity, if it gives one, changes if and only if the rows do."""
    with case.opened() as found:
        before = content_of(found)
    if before.manifest is None:
        raise Unjudged("it gives no identity, so it is read each time")
    with case.opened() as found:
        if content_of(found).manifest != before.manifest:
            raise Broken("the identity changed and the rows did not")
    if case.change is None:
        raise Unjudged("it stays while nothing changes; what a change does was not tried")
    case.change()
    with case.opened() as found:
        after = content_of(found)
    if after.digest == before.digest:
        raise Unjudged("what should change the rows did not")
    if after.manifest == before.manifest:
        raise Broken("the rows changed and the identity did not")


def refuses_wrong_credentials(case: Case) -> None:
    """It refuses wrong credentials in words, without a secret in them or behind them."""
    if case.wrong_proof is None:
        raise Unjudged("no wrong credentials were given")
    try:
        with case.opened(case.wrong_proof) as found:
            content_of(found)
    except Refusal as refusal:
        _check_words(case, refusal)
    except Unavailable:
        raise Broken("it takes a refusal for an outage, so it would be asked again") from None
    else:
        raise Broken("it lets anybody in")


def passes_on_what_fails(case: Case) -> None:
    """It lets an error of whoever reads pass, unchanged."""
    probe = ZeroDivisionError("an error of whoever reads")
    try:
        with case.opened():
            raise probe
    except ZeroDivisionError as error:
        if error is probe:
            return
        raise Broken("it raises another error in its place") from None
    raise Broken("it swallows the error")


def lets_go(case: Case) -> None:
    """It holds no file, connection or thread once its context has ended, though nothing was read to the end."""
    if not _OPEN_FILES.is_dir():
        raise Unjudged("this system does not tell what is open")
    held = []
    for _ in range(_READINGS):
        with case.opened() as found:
            if not isinstance(found, Files):
                next(found.batches, None)
        held.append((len(list(_OPEN_FILES.iterdir())), threading.active_count()))
    for counts in zip(*held, strict=True):
        # What is kept for good is there after the first; what is let go late is gone at one of the others.
        if all(before < after for before, after in pairwise(counts[1:])):
            raise Broken(f"open files or threads grow with each reading: {', '.join(map(str, counts))}")


def _check_words(case: Case, refusal: Refusal) -> None:
    if not refusal.cause.strip() or not refusal.cure.strip():
        raise Broken("the refusal lacks its cause or its cure")
    seen: BaseException | None = refusal
    while seen is not None:
        if any(secret in str(seen) for secret in case.secrets):
            raise Broken("a secret is in the error, or in the one behind it")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


PROMISES: tuple[Callable[[Case], None], ...] = (
    says_what_it_is,
    refuses_unknown_options,
    hides_secrets,
    reads_the_same_twice,
    opens_files_anew,
    refuses_wrong_credentials,
    passes_on_what_fails,
    lets_go,
    has_an_identity_of_its_rows,
)
"""The one that changes the place is last."""
