from itertools import islice
from pathlib import Path

from tests.bench.honesty.datasets import DATASETS
from tests.bench.honesty.drawing import drawn

MADE = {name: dataset for name, dataset in DATASETS.items() if dataset.made}
USED_TO_CHOOSE_THE_RULE = ("diamonds", "flights", "InstEval", "movies", "flchain", "HI", "BudgetFood", "NOxEmissions")


def test_the_same_races_are_drawn_every_time() -> None:
    first, second = (list(islice(drawn(MADE, Path()), 20)) for _ in range(2))
    assert first == second
    assert len({race.name for race in first}) == 20


def test_every_dataset_comes_once_a_round() -> None:
    races = list(islice(drawn(MADE, Path()), 2 * len(MADE)))
    assert {race.dataset for race in races[: len(MADE)]} == MADE.keys() == {race.dataset for race in races[len(MADE) :]}


def test_no_dataset_helped_to_choose_the_rule() -> None:
    names = {dataset.place.split("/")[-1] for dataset in DATASETS.values()}
    assert not names.intersection(USED_TO_CHOOSE_THE_RULE)
