"""What the referee says, as the page shows it."""

from contracts.evaluation import LeaderboardUpdated, Standing
from ui.verdicts import behind, decimals_of, percents, rule_line, saved_line, suggested_line, worded
from ui.web.projections.rows import Row

SILENT: Row = {"rule": "", "saved": "", "suggested": None, "suggestion": "", "notes": []}
"""What is told of a race before its first standings."""


def verdict_row(standing: Standing, board: LeaderboardUpdated) -> Row | None:
    """Return what is said of one candidate: the sentence, its few words, and the numbers as text."""
    verdict = standing.verdict
    if verdict is None:
        return None
    word, reason = worded(standing, board)
    apart, interval = behind(verdict, decimals_of(board))
    return {
        "kind": verdict.kind,
        "said": verdict.said,
        "word": word,
        "reason": reason,
        "behind": apart,
        "interval": interval,
        "shares": list(percents(verdict)),
    }


def referee_row(board: LeaderboardUpdated, fits: int) -> Row:
    """Return what is said of a race of ``fits`` fits, if nobody were retired."""
    return {
        "rule": rule_line(board),
        "saved": saved_line(board, fits),
        "suggested": board.suggested,
        "suggestion": suggested_line(board),
        "notes": list(board.notes),
    }
