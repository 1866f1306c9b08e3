from typing import get_args

from ml.leaks import How
from services.training.domain.leaks import said_of


def test_every_way_to_tell_the_target_is_said_with_its_cure() -> None:
    said = said_of({how: how for how in get_args(How)}, "late", rows=60)
    assert len(set(said)) == len(get_args(How))
    for how, sentence in zip(get_args(How), said, strict=True):
        assert sentence.startswith(f"The column {how} tells late by itself: ")
        assert sentence.endswith("Leave it out of the data if it is not known when a prediction is asked for.")


def test_of_more_rows_than_were_looked_at_no_more_is_said() -> None:
    (sentence,) = said_of({"code": "values"}, "late", rows=10_001)
    assert sentence.startswith("The column code tells late by itself in its first 10000 rows: ")
