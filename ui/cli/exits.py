"""How the command ends: its exit codes, and what it says about an error."""

import os
import sys
from collections.abc import Callable
from enum import IntEnum

from pydantic import ValidationError
from rich.markup import escape

from contracts.errors import TracksideError, Unavailable
from infra.bus import BusUnavailable, CommandRefused, QuestionRefused, Unanswered
from infra.local.platform import PlatformNotRunning
from ui.cli.output import terminal
from ui.cli.values import refused


class Exit(IntEnum):
    """Exit codes, the same for every verb."""

    OK = 0
    REFUSED = 1
    """Refused or failed; the message names cause and cure."""
    USAGE = 2
    """The command line itself is wrong."""
    NOT_RUNNING = 3
    """No platform runs in TRACKSIDE_HOME."""
    UNANSWERED = 4
    """No answer came in time; the order may still be obeyed."""
    INTERRUPTED = 130


EXIT_CODES = (
    "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 platform not running, 4 unanswered, 130 interrupted."
)


class WrongUsage(TracksideError):
    """The command line asks for what cannot be."""


class Failed(TracksideError):
    """What was asked for was tried, and did not succeed."""


_CODES: tuple[tuple[type[Exception], Exit], ...] = (
    (WrongUsage, Exit.USAGE),
    (ValidationError, Exit.USAGE),
    (PlatformNotRunning, Exit.NOT_RUNNING),
    (BusUnavailable, Exit.NOT_RUNNING),
    (Unanswered, Exit.UNANSWERED),
    (Unavailable, Exit.UNANSWERED),
    (TracksideError, Exit.REFUSED),
)


def code_of(error: Exception) -> Exit:
    """Return the exit code that an error deserves."""
    return next(code for kind, code in _CODES if isinstance(error, kind))


def explained(error: Exception) -> str:
    """Return what a person should read about an error: its cause, then its cure."""
    if isinstance(error, CommandRefused):
        return f"{error.refusal.cause}\n{error.refusal.cure}"
    if isinstance(error, QuestionRefused):
        return f"{error.cause}\n{error.cure}"
    if isinstance(error, ValidationError):
        return refused(error)
    return str(error)


def ended(command: Callable[[], object]) -> int:
    """Run ``command`` and return the exit code; an error of ours is explained on stderr."""
    try:
        _written(command)
    except (TracksideError, ValidationError) as error:
        terminal(stderr=True).print(f"[bold red]error[/] {escape(explained(error))}", soft_wrap=True)
        return code_of(error)
    except BrokenPipeError:
        return Exit.REFUSED  # the reader, such as `head`, had enough and needs no words
    except OSError as error:
        terminal(stderr=True).print(f"[bold red]error[/] {escape(str(error))}", soft_wrap=True)
        return Exit.REFUSED
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return Exit.INTERRUPTED
    return Exit.OK


def _written(command: Callable[[], object]) -> None:
    """Run ``command``, and see to it that what it printed is written before it ends well."""
    try:
        try:
            command()
        finally:
            sys.stdout.flush()
    except OSError:
        # Else the interpreter writes the rest once more when it ends, and shows a traceback when that fails too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
