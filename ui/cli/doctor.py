"""`trackside doctor`."""

from time import monotonic

from pydantic import BaseModel, ConfigDict
from rich.markup import escape
from rich.table import Table

from infra.checkup import Finding
from ui.cli.connection import run
from ui.cli.exits import Failed
from ui.cli.options import Json
from ui.cli.output import counted, print_json, terminal
from ui.cli.settings import PlaceSettings, current_home

_COLOUR = {"ok": "green", "warn": "yellow", "fail": "red"}


class Examination(BaseModel):
    """Everything that was found."""

    model_config = ConfigDict(frozen=True)

    where: str
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def failures(self) -> int:
        """Return how many things do not work."""
        return sum(finding.verdict == "fail" for finding in self.findings)


def doctor(*, as_json: Json = False) -> None:
    """Say what is wrong with the platform and what helps, within 5 seconds; exits with 1 if something does not work.

    It looks at the platform in TRACKSIDE_HOME, or at the one whose nats-server TRACKSIDE_NATS_URL names.
    """
    found = run(_examined())
    if as_json:
        print_json(found)
    else:
        _print(found)
    if found.failures:
        raise Failed(f"{counted(found.failures, 'thing')} {'does' if found.failures == 1 else 'do'} not work.")


async def _examined() -> Examination:
    # Imported here because it costs half a second, which `--help` need not pay.
    from infra.checkup.examination import examine, examine_home  # noqa: PLC0415

    began, settings = monotonic(), PlaceSettings.read()
    if settings.elsewhere:
        where, findings = settings.nats_url, await examine(settings.place())
    else:
        home = current_home()
        where, findings = str(home.root), await examine_home(home)
    return Examination(where=where, seconds=round(monotonic() - began, 2), findings=tuple(findings))


def _print(found: Examination) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for no_wrap in (True, True, False):
        table.add_column(no_wrap=no_wrap)
    for finding in found.findings:
        verdict = f"[{_COLOUR[finding.verdict]}]{finding.verdict.upper()}[/]"
        table.add_row(verdict, finding.check, _told(finding))
    terminal().print(table)
    warnings = sum(finding.verdict == "warn" for finding in found.findings)
    checks = counted(len(found.findings), "finding")
    terminal().print(f"\n{checks} in {found.seconds:.1f} s: {found.failures} to mend, {warnings} to know")


def _told(finding: Finding) -> str:
    cure = f" [bold]{escape(finding.cure)}[/]" if finding.cure else ""
    return f"{escape(finding.cause)}{cure}"
