import pytest

from contracts.evaluation import Leaderboard
from contracts.ids import CandidateId
from contracts.training import RefitFailed
from tests.builders.messages import EXPERIMENT
from tests.unit.ui.cli.test_race import a_board, a_standing
from ui.cli.exits import Failed
from ui.cli.leaderboard import ending, fits_of
from ui.cli.verdict import check_refitted, check_won


def an_answer(folds: int | None = 10, *, counted: int = 7, final: bool = True, cancelled: bool = False) -> Leaderboard:
    board = a_board(final=final, cancelled=cancelled)
    return Leaderboard(**{**dict(board), "fits_counted": counted, "folds": folds})


def test_a_race_that_somebody_leads_is_won() -> None:
    check_won(a_board(final=True), fits=6)


def test_a_cancelled_race_is_not_won_whoever_led() -> None:
    with pytest.raises(Failed, match=r"cancelled after 1 of 6 fits; no model was made\."):
        check_won(a_board(final=True, cancelled=True), fits=6)


def test_a_race_without_a_score_is_not_won() -> None:
    with pytest.raises(Failed, match="No fit succeeded"):
        check_won(a_board(a_standing(place=None, mean=None, completed=0, failed=2), final=True), fits=2)


def test_a_winner_that_could_not_be_refitted_is_a_failure() -> None:
    check_refitted(None)
    failed = RefitFailed(
        experiment_id=EXPERIMENT, candidate=CandidateId("tree"), reason="Broken", cause="It broke.", cure="Mend it."
    )
    with pytest.raises(Failed, match=r"It broke\. Mend it\."):
        check_refitted(failed)


@pytest.mark.parametrize(
    ("board", "said"),
    [
        (an_answer(cancelled=True), "cancelled after 7 of 20 fits; no model was made"),
        (an_answer(None, cancelled=True), "cancelled after 7 fits; no model was made"),
        (an_answer(), "7 fits counted, final"),
        (an_answer(counted=1, final=False), "1 fit counted, the race goes on"),
    ],
)
def test_the_last_line_of_a_leaderboard_says_how_far_the_race_came(board: Leaderboard, said: str) -> None:
    assert ending(board) == said


def test_all_fits_are_every_candidate_on_every_fold() -> None:
    assert fits_of(an_answer(10)) == 20


def test_fits_that_retiring_saves_are_not_awaited() -> None:
    assert fits_of(an_answer(10).model_copy(update={"fits_saved": 6})) == 14
