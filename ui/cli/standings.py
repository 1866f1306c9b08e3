"""A leaderboard as a table, as wide as the terminal allows, and what there is to say below it."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markup import escape
from rich.table import Table

from contracts.evaluation import Standing
from ui.cli.output import duration, terminal
from ui.frontier import answer_of, front_lines, marks_of, size_of
from ui.limits import NO_LIMITS, Limits, outside
from ui.verdicts import Board, behind, brief, decimals_of, percents, rule_line, saved_line, suggested_line

_WIDE = 150
"""Columns from which all that is said of a candidate stands in one line; in a narrower terminal it takes two."""
_WIDE_WITH_COSTS = 180
_NARROW_WITH_COSTS = 100
_LONGEST_PROBLEM = 80
_SHARES = "BETTER/SAME/WORSE"


@dataclass(frozen=True)
class Standings:
    """A leaderboard that takes its form once it is known how wide the terminal is."""

    board: Board
    folds: int | None = None
    """How many folds each candidate has in the whole race, if that is known."""
    limits: Limits = NO_LIMITS
    """Whoever is outside of these recedes, with the reason."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it: as before if the referee says nothing."""
        if all(standing.verdict is None for standing in self.board.standings):
            yield self._table(*self._plain())
        elif options.max_width >= (_WIDE_WITH_COSTS if self._costs else _WIDE):
            yield self._table(*self._wide())
        else:
            yield self._table(*self._narrow(costs=options.max_width >= _NARROW_WITH_COSTS))

    def _table(self, titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
        table = Table(box=None, header_style="bold", pad_edge=False)
        for title in titles:
            words = "VERDICT" in title or title in {"CANDIDATE", "FRONT", ""}
            table.add_column(title, justify="left" if words else "right", no_wrap="VERDICT" not in title)
        for standing, row in zip(self.board.standings, rows, strict=True):
            table.add_row(*row, style=self._style(standing))
        for numbers in (column for column in table.columns if column.justify == "right"):
            # In a narrow terminal names give way, numbers do not.
            lines = (line for cell in numbers.cells for line in str(cell).split("\n"))
            numbers.min_width = max(map(len, lines), default=0)
        return table

    def _plain(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        titles = ("#", "CANDIDATE", self.board.metric.upper(), "95 % INTERVAL", "FOLDS", "FIT TIME", *self._costs, "")
        return titles, [
            (
                *(place_of(each), escape(each.name), mean_of(each), interval_of(each)),
                *(*self._work(each), *self._cost(each), self._said(each)),
            )
            for each in self.board.standings
        ]

    def _wide(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        metric = self.board.metric.upper()
        ends = ("95 % INTERVAL", "BEHIND", "95 % INTERVAL", _SHARES)
        titles = ("#", "CANDIDATE", metric, *ends, "FOLDS", "FIT TIME", *self._costs, "VERDICT")
        return titles, [
            (
                *(place_of(each), escape(each.name), mean_of(each), interval_of(each)),
                *(*self._behind(each), _shares(each), *self._work(each), *self._cost(each), self._said(each)),
            )
            for each in self.board.standings
        ]

    def _narrow(self, *, costs: bool) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        metric = self.board.metric.upper()
        titles = ("#", "CANDIDATE\nVERDICT", f"{metric}\nFOLDS", "BEHIND\n95 % INTERVAL", _SHARES.replace("/W", "\n/W"))
        more = ("\n".join(self._costs[:2]),) if costs and self._costs else ()
        return titles + more, [
            (
                place_of(each),
                f"{escape(each.name)}\n[dim]{self._said(each)}[/]",
                f"{mean_of(each)}\n{self._work(each)[0]}",
                "\n".join(self._behind(each)),
                _shares(each),
                *("\n".join(self._cost(each)[:2]) for _ in more),
            )
            for each in self.board.standings
        ]

    @property
    def _costs(self) -> tuple[str, ...]:
        """Return the titles of what it costs to serve; a platform that does not measure it has no such columns."""
        known = any(each.answer_seconds or each.pipeline_bytes for each in self.board.standings)
        return ("ANSWER", "SIZE", "FRONT") if known else ()

    def _cost(self, standing: Standing) -> tuple[str, ...]:
        mark = marks_of(self.board).get(standing.candidate, "")
        return (answer_of(standing), size_of(standing), mark) if self._costs else ()

    def _work(self, standing: Standing) -> tuple[str, str]:
        done = standing.completed + standing.failed
        folds = f"{done}/{self.folds}" if self.folds else str(done)
        return folds, duration(standing.fit_seconds) if standing.completed else ""

    def _behind(self, standing: Standing) -> tuple[str, str]:
        return behind(standing.verdict, decimals_of(self.board)) if standing.verdict else ("", "")

    def _said(self, standing: Standing) -> str:
        verdict = escape(brief(standing, self.board))
        retired = "retired" if standing.retired is not None else ""
        beyond = outside(standing, self.limits)
        left_out = f"[yellow]outside:[/] {beyond}" if beyond else ""
        return ", ".join(filter(None, (verdict, retired, _problem(standing), left_out)))

    def _style(self, standing: Standing) -> str:
        if standing.retired is not None or outside(standing, self.limits):
            return "dim"
        return "bold green" if standing.place == 1 else ""


def print_board(board: Board, folds: int | None, limits: Limits = NO_LIMITS) -> None:
    """Print a leaderboard, and below it what else the referee says."""
    terminal().print(Standings(board, folds, limits))
    for line in told_below(board, folds):
        terminal().print(line, soft_wrap=True)


def told_below(board: Board, folds: int | None) -> Iterator[str]:
    """Yield the lines below a leaderboard: the rule, what it saves, who is suggested, the fronts, what to know."""
    fits = None if folds is None else folds * len(board.standings)
    yield from filter(None, map(escape, (rule_line(board), saved_line(board, fits), suggested_line(board))))
    yield from map(escape, front_lines(board))
    yield from (f"[yellow]note[/] {escape(note)}" for note in board.notes)


def place_of(standing: Standing) -> str:
    """Return a candidate's place; nothing if it has none."""
    return "" if standing.place is None else str(standing.place)


def mean_of(standing: Standing) -> str:
    """Return a candidate's mean score; nothing if it has none."""
    return "" if standing.mean is None else f"{standing.mean:.4f}"


def interval_of(standing: Standing) -> str:
    """Return the 95 % interval of a candidate's mean score; nothing if it has none."""
    if standing.low is None or standing.high is None:
        return ""
    return f"{standing.low:.4f} … {standing.high:.4f}"


def _shares(standing: Standing) -> str:
    shares = percents(standing.verdict) if standing.verdict else ()
    return f"{' / '.join(map(str, shares))} %" if shares else ""


def _problem(standing: Standing) -> str:
    if not standing.failed:
        return ""
    return f"[red]{standing.failed} failed:[/] {escape((standing.problem or '')[:_LONGEST_PROBLEM])}"
