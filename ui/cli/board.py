"""A race drawn for the terminal."""

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from contracts.evaluation import Leaderboard, LeaderboardUpdated, Standing
from contracts.plans import raced_folds
from ui.cli.output import duration
from ui.cli.race import Race

INTERRUPTED = "interrupted: no worker gives a sign of life; goes on by itself when one is back"


def drawn(race: Race) -> RenderableType:
    """Return the race as it stands: progress, who leads, and the leaderboard."""
    if race.started is None:
        return Text("waiting for the race to start …")
    plan = race.started.plan
    asked = f"{plan.target}, {plan.task}" if plan.target else plan.task
    title = Text.assemble((plan.dataset, "bold"), f" → {asked}, {len(plan.candidates)} candidates")
    bar = Table.grid(padding=(0, 1))
    bar.add_row(ProgressBar(total=race.fits, completed=len(race.outcomes), width=40), progress_line(race))
    parts: list[RenderableType] = [title, bar]
    if race.board is not None:
        parts.append(standings_table(race.board, raced_folds(plan)))
    parts.append(_in_hand(race))
    return Group(*parts)


def progress_line(race: Race) -> str:
    """Return the race in one line: fits done, best so far with its interval, time left."""
    parts = [f"{len(race.outcomes)}/{race.fits} fits"]
    if race.failed:
        parts.append(f"{race.failed} failed")
    if race.leader is not None and race.board is not None:
        parts.append(f"best {race.leader.candidate} {race.board.metric} {score(race.leader)}")
    left = race.seconds_left()
    if race.interrupted:
        parts.append(INTERRUPTED)
    elif left and race.ended is None:
        parts.append(f"about {duration(max(left, 1))} left")
    return ", ".join(parts)


def standings_table(board: LeaderboardUpdated | Leaderboard, folds: int | None = None) -> Table:
    """Return a leaderboard as a table."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("#", "CANDIDATE", board.metric.upper(), "95 % INTERVAL", "FOLDS", "FIT TIME", ""):
        table.add_column(title, justify="left" if title in {"CANDIDATE", ""} else "right", no_wrap=True)
    for standing in board.standings:
        table.add_row(*_row(standing, folds), style="bold green" if standing.place == 1 else "")
    for numbers in (column for column in table.columns if column.justify == "right"):
        # In a narrow terminal names give way, numbers do not.
        numbers.min_width = max((len(str(cell)) for cell in numbers.cells), default=0)
    return table


def score(standing: Standing) -> str:
    """Return a candidate's mean score with its interval."""
    if standing.mean is None:
        return "no score"
    return f"{standing.mean:.4f} {_interval(standing)}".rstrip()


def _row(standing: Standing, folds: int | None) -> tuple[str, ...]:
    done = standing.completed + standing.failed
    return (
        "" if standing.place is None else str(standing.place),
        standing.name,
        "" if standing.mean is None else f"{standing.mean:.4f}",
        _interval(standing),
        f"{done}/{folds}" if folds else str(done),
        duration(standing.fit_seconds) if standing.completed else "",
        f"[red]{standing.failed} failed:[/] {escape((standing.problem or '')[:80])}" if standing.failed else "",
    )


def _interval(standing: Standing) -> str:
    if standing.low is None or standing.high is None:
        return ""
    return f"{standing.low:.4f} … {standing.high:.4f}"


def _in_hand(race: Race) -> Text:
    fits = (f"{worker}: {candidate} fold {fold + 1}" for worker, (candidate, fold) in sorted(race.in_hand.items()))
    return Text("   ".join(fits), style="dim")
