from pathlib import Path

import pandas as pd

from tests.bench.question import asked


def test_the_holdout_is_told_without_its_answers_and_none_of_it_is_learned_from(tmp_path: Path) -> None:
    question = asked("digits", tmp_path)
    train, holdout = pd.read_csv(question.train), pd.read_csv(question.holdout)
    assert question.target in train
    assert question.target not in holdout
    assert len(holdout) == len(question.truth)
    assert len(train) + len(holdout) == 1797
    assert set(question.truth) == set(train[question.target])


def test_a_question_is_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    assert asked("digits", tmp_path).truth == asked("digits", tmp_path / "again").truth
