"""What the referee says, in few words: the same in the terminal and on the page."""

from collections.abc import Iterable, Mapping, Sequence
from math import floor, log10

from contracts.evaluation import Leaderboard, LeaderboardUpdated, PairCompared, Standing, Verdict, VerdictKind

Board = LeaderboardUpdated | Leaderboard

_MOST_DECIMALS = 4


def brief(standing: Standing, board: Board) -> str:
    """Return the verdict of a candidate in few words; nothing if there is none yet."""
    word, reason = worded(standing, board)
    joint = " " if reason.startswith(("after", "by")) else "; "
    return f"{word}{joint}{reason}" if reason else word


def worded(standing: Standing, board: Board) -> tuple[str, str]:
    """Return the verdict of a candidate, and when it fell and by whom, or what would settle it."""
    verdict = standing.verdict
    if verdict is None:
        return "", ""
    if verdict.against is None:
        return _of_leader(verdict, board)
    when = "" if standing.retired is None else f"after {_plural(standing.retired, 'fold')}"
    words: Mapping[VerdictKind, tuple[str, str]] = {
        "winner": ("winner", ""),
        "tied": ("tied", _settled_by(verdict, "about {} rows in all would tell")),
        "beaten": ("beaten", f"{when} by {_name(verdict.against, board)}".strip()),
        "no_better": (f"at most {_margin(board)} better", when),
        "open": ("can't tell yet", _settled_by(verdict, "about {} rows in all would")),
    }
    return words[verdict.kind]


def behind(verdict: Verdict, decimals: int) -> tuple[str, str]:
    """Return by how much a candidate is worse, in the metric's own scale, and the ends of its 95 % interval.

    >>> one = Verdict(kind="open", said="", against="rf", compared_on=3, behind=0.0123, low=-0.00001, high=0.0321,
    ...               better=0.04, same=0.3, worse=0.66)
    >>> behind(one, 4)
    ('0.0123', '0.0000 … 0.0321')
    """
    if verdict.behind is None:
        return "", ""
    ends = [rounded(end, decimals) for end in (verdict.low, verdict.high) if end is not None]
    return rounded(verdict.behind, decimals), " … ".join(ends) if len(ends) == 2 else ""


def decimals_of(board: Board) -> int:
    """Return how many decimals tell differences apart on a leaderboard."""
    return decimals_for(standing.verdict for standing in board.standings if standing.verdict is not None)


def decimals_for(compared: Iterable[Verdict | PairCompared]) -> int:
    """Return how many decimals tell differences apart: three digits of the narrowest interval, at most 4."""
    widths = [each.high - each.low for each in compared if each.low is not None and each.high is not None]
    narrowest = min((width for width in widths if width > 0), default=0.0)
    return min(_MOST_DECIMALS, max(0, 2 - floor(log10(narrowest)))) if narrowest else _MOST_DECIMALS


def percents(verdict: Verdict | PairCompared) -> tuple[int, ...]:
    """Return the shares better, same and worse as whole percents that come to 100; nothing if there are none.

    >>> percents(Verdict(kind="tied", said="", against="rf", compared_on=9, behind=0, low=-1, high=1,
    ...                  better=0.333, same=0.333, worse=0.334))
    (33, 33, 34)
    """
    shares = [share for share in (verdict.better, verdict.same, verdict.worse) if share is not None]
    return _whole(shares) if len(shares) == 3 else ()


def rounded(value: float, decimals: int) -> str:
    """Return a number with so many decimals.

    >>> rounded(-0.00001, 4), rounded(1.25, 1)
    ('0.0000', '1.2')
    """
    return f"{round(value, decimals) + 0.0:.{decimals}f}"  # with 0.0 added a small difference is 0, and not -0


def rule_line(board: Board) -> str:
    """Return by which rule candidates are retired, and what is the same for practice; nothing before that is known."""
    if board.margin is None:
        return ""
    within = f"the same for practice within {_margin(board)} {board.metric}"
    return f"{board.rule}: {within}" if board.rule else f"full, nobody is retired: {within}"


def saved_line(board: Board, fits: int | None) -> str:
    """Return what retiring saves of the ``fits`` of the whole plan, None if those are not known; nothing if nothing."""
    if not board.fits_saved:
        return ""
    made = _plural(board.fits_saved, "fit") if fits is None else f"{board.fits_saved:,} of {_plural(fits, 'fit')}"
    time = "" if board.cpu_saved is None else f", about {board.cpu_saved:.0%} of the processor time".replace("%", " %")
    return f"{made} need not be made{time}"


def suggested_line(board: Board) -> str:
    """Return which of those that are tied is suggested; nothing if nobody is tied."""
    if board.suggested is None:
        return ""
    return f"{_name(board.suggested, board)} is suggested: it answers fastest among the {_tied(board)} that are tied"


def _of_leader(verdict: Verdict, board: Board) -> tuple[str, str]:
    if verdict.kind == "tied":
        return ("tied", "best mean") if _tied(board) > 1 else ("best mean", "")
    if verdict.kind == "open":
        return ("can't tell yet" if board.final else "leads so far"), ""
    return "winner", ""


def _tied(board: Board) -> int:
    return sum(standing.verdict is not None and standing.verdict.kind == "tied" for standing in board.standings)


def _name(candidate: str | None, board: Board) -> str:
    names: Mapping[str, str] = {standing.candidate: standing.name for standing in board.standings}
    return names.get(candidate or "", candidate or "another")


def _margin(board: Board) -> str:
    return "the margin" if board.margin is None else f"{float(f'{board.margin:.3g}'):,g}"


def _settled_by(verdict: Verdict, sentence: str) -> str:
    """Return how many rows would settle it, to two digits: it is a guess, and should not look like more."""
    rows = verdict.rows_to_tell
    return "" if not rows else sentence.format(f"{int(float(f'{rows:.2g}')):,}")


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _whole(shares: Sequence[float]) -> tuple[int, ...]:
    down = [floor(100 * share) for share in shares]
    most_lost = sorted(range(len(shares)), key=lambda index: down[index] - 100 * shares[index])
    for index in most_lost[: 100 - sum(down)]:
        down[index] += 1
    return tuple(down)
