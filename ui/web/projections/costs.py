"""What candidates cost to serve, as the page shows it."""

from contracts.evaluation import LeaderboardUpdated
from ui.frontier import answer_of, marks_of, scores_of, size_of, time_in_words
from ui.web.projections.rows import Row


def cost_rows(board: LeaderboardUpdated) -> dict[str, Row]:
    """Return by candidate what is known of its cost: as text, on which front that puts it, and its score beside it.

    Candidates of which nothing is known are left out.
    """
    scores, marks = scores_of(board), marks_of(board)
    return {
        each.candidate: {
            "answer": answer_of(each),
            "slowest": "" if each.slowest_seconds is None else time_in_words(each.slowest_seconds),
            "size": size_of(each),
            "front": marks.get(each.candidate),
            "answer_ms": None if each.answer_seconds is None else 1000 * each.answer_seconds,
            "score": scores.get(each.candidate),
        }
        for each in board.standings
        if each.answer_seconds is not None or each.pipeline_bytes is not None
    }
