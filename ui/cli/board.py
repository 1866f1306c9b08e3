"""A race drawn for the terminal."""

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from contracts.evaluation import Standing
from contracts.plans import raced_folds
from ui.cli.output import duration
from ui.cli.race import Race
from ui.cli.standings import Standings, interval_of, mean_of, told_below

INTERRUPTED = "interrupted: no worker gives a sign of life; goes on by itself when one is back"


def drawn(race: Race) -> RenderableType:
    """Return the race as it stands: progress, who leads, and the leaderboard."""
    if race.started is None:
        return Text("waiting for the race to start …")
    plan = race.started.plan
    asked = f"{plan.target}, {plan.task}" if plan.target else plan.task
    title = Text.assemble((plan.dataset, "bold"), f" → {asked}, {len(plan.candidates)} candidates")
    bar = Table.grid(padding=(0, 1))
    bar.add_row(ProgressBar(total=race.fits, completed=race.done, width=40), progress_line(race))
    parts: list[RenderableType] = [title, bar]
    if race.board is not None:
        folds = raced_folds(plan)
        parts += [Standings(race.board, folds), *map(Text.from_markup, told_below(race.board, folds))]
    parts.append(_in_hand(race))
    return Group(*parts)


def progress_line(race: Race) -> str:
    """Return the race in one line: fits done, best so far with its interval, time left."""
    parts = [f"{race.done}/{race.fits} fits"]
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


def score(standing: Standing) -> str:
    """Return a candidate's mean score with its interval."""
    if standing.mean is None:
        return "no score"
    return f"{mean_of(standing)} {interval_of(standing)}".rstrip()


def _in_hand(race: Race) -> Text:
    fits = (f"{worker}: {candidate} fold {fold + 1}" for worker, (candidate, fold) in sorted(race.in_hand.items()))
    return Text("   ".join(fits), style="dim")
