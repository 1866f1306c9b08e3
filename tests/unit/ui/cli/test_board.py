import io

from rich.console import Console, RenderableType

from tests.builders import a_fit_completed, an_experiment_started
from tests.builders.refereed import a_refereed_board, a_refereed_start, refereed_fits
from tests.unit.ui.cli.test_race import a_board, a_fit_started, race_of
from ui.cli.board import drawn, progress_line


def shown(what: RenderableType) -> str:
    screen = Console(file=io.StringIO(), width=120)
    screen.print(what)
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def test_the_line_says_fits_done_best_so_far_with_its_interval_and_time_left() -> None:
    race = race_of(an_experiment_started(), a_board(), a_fit_completed())
    assert progress_line(race) == "1/6 fits, best tree AUC 0.8123 0.7500 … 0.8700, about 10.0 s left"


def test_no_time_is_left_once_every_fit_has_its_outcome() -> None:
    race = race_of(an_experiment_started(fits=1), a_board(), a_fit_completed())
    assert progress_line(race) == "1/1 fits, best tree AUC 0.8123 0.7500 … 0.8700"


def test_the_board_shows_place_score_interval_and_folds() -> None:
    text = shown(drawn(race_of(an_experiment_started(), a_board(), a_fit_started("training-worker-2", "dummy", 1))))
    assert "penguins → species, classification, 3 candidates" in text
    assert "1  Tree       0.8123  0.7500 … 0.8700    1/2     1.5 s" in text
    assert "training-worker-2: dummy fold 2" in text


def test_a_watched_race_shows_the_verdicts_and_what_retiring_saves() -> None:
    text = shown(drawn(race_of(a_refereed_start(), *refereed_fits(2), a_refereed_board(2))))
    assert "18/74 fits" in text
    assert "beaten after 2 folds by Light Gradient Boosting Machine, retired" in text
    assert "26 of 100 fits need not be made" in text


def test_before_the_start_there_is_nothing_to_show() -> None:
    assert "waiting" in shown(drawn(race_of()))
