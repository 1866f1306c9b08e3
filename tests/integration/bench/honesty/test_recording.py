from pathlib import Path

import numpy as np
import pytest

from tests.bench.honesty.datasets import DATASETS
from tests.bench.honesty.questions import Question, questions_of
from tests.bench.honesty.recording import Race, record

pytestmark = pytest.mark.slow

LINEAR = Race("made_linear", 120, seed=1, twins=False)
TWINS = Race("made_logistic", 120, seed=1, twins=True)


def recorded(race: Race, folder: Path) -> list[Question]:
    record(race, DATASETS[race.dataset], folder, folder, lambda: None)
    return list(questions_of(folder / f"{race.name}.npz"))


def test_a_race_is_read_as_it_was_recorded_and_its_folds_are_near_the_truth(tmp_path: Path) -> None:
    questions = recorded(LINEAR, tmp_path)
    assert [question.metric for question in questions] == ["MAE", "RMSE", "R2"]
    for question in questions:
        assert len(question.candidates) == 14
        assert question.seconds.shape == question.scores.shape == (10, 14)
        assert np.corrcoef(question.scores.mean(axis=0), question.truth)[0, 1] > 0.9
        truth = dict(zip(question.candidates, question.truth.tolist(), strict=True))
        assert truth["lr"] > truth["rf"] > truth["dummy"]


def test_the_same_race_has_the_same_scores_again_and_twins_are_nearly_equal(tmp_path: Path) -> None:
    first, again = (recorded(TWINS, tmp_path) for _ in range(2))
    assert [question.metric for question in first] == ["Accuracy", "AUC", "F1", "MCC"]
    for one, other in zip(first, again, strict=True):
        assert (one.scores == other.scores).all()
        assert (one.truth == other.truth).all()
        assert 0 < np.ptp(one.truth) < np.ptp(one.scores)


def test_a_race_that_was_ended_in_its_midst_leaves_nothing_that_looks_like_one(tmp_path: Path) -> None:
    fits = iter(range(30))

    def end() -> None:
        if next(fits) == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record(LINEAR, DATASETS[LINEAR.dataset], tmp_path, tmp_path, end)
    assert not list(tmp_path.glob("*.npz"))
