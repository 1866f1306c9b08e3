"""Tries the promises on an installed connector: ``python -m services.ingest.sources.conformance KIND NAME=VALUE``."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from contracts.errors import Refusal
from services.ingest.connectors import Connectors
from services.ingest.sources.conformance.case import Case
from services.ingest.sources.conformance.verdict import judge

_MARKS = {True: "kept", False: "BROKEN", None: "not tried"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Say of each promise whether it is kept; return 1 if one is broken, 2 if it cannot be tried at all."""
    said = _parser().parse_intermixed_args(arguments)
    try:
        broken = _judged(_case(said))
    except (Refusal, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 1 if broken else 0


def _judged(case: Case) -> int:
    broken = 0
    for verdict in judge(case):
        why = f"\n            {verdict.why}" if verdict.why else ""
        sys.stdout.write(f"{_MARKS[verdict.kept]:<10}  {verdict.promise}{why}\n")
        broken += verdict.kept is False
    return broken


def _case(said: argparse.Namespace) -> Case:
    source = Connectors(given={"sql": {"files": said.files_dir}}).of(said.kind)
    options = dict(option.partition("=")[::2] for option in said.options)
    right, wrong = (json.loads(file.read_bytes()) if file else None for file in (said.credentials, said.wrong))
    case = Case(source, options, right, wrong)
    _ = case.asked, case.secrets  # what was said wrongly is said once, and not as a broken promise
    return case


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.ingest.sources.conformance", description=__doc__)
    parser.add_argument("kind", metavar="KIND", help="the connector's kind")
    parser.add_argument("options", nargs="*", metavar="NAME=VALUE", help="its options, for a small place to read")
    parser.add_argument("--credentials", type=Path, metavar="FILE", help="JSON file with what it is let in by")
    parser.add_argument("--wrong", type=Path, metavar="FILE", help="JSON file with credentials that are refused")
    parser.add_argument("--files-dir", type=Path, metavar="FOLDER", help="for sql: where database files may be read")
    return parser


if __name__ == "__main__":
    sys.exit(main())
