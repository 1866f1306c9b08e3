import json
from pathlib import Path

from tests.bench.answers import Answers, score, spread
from tests.bench.ours import shares_of


def said(*shares: tuple[float, ...], classes: tuple[str, ...] = ("no", "yes")) -> Answers:
    return Answers(1.0, "tree", classes, shares)


def test_auc_is_of_the_order_that_the_probabilities_give() -> None:
    assert score("AUC", ("no", "yes", "yes"), said((0.9, 0.1), (0.8, 0.2), (0.3, 0.7))) == 1.0
    assert score("AUC", ("no", "yes", "yes"), said((0.5, 0.5), (0.8, 0.2), (0.3, 0.7))) == 0.5


def test_a_tool_may_name_the_classes_in_any_order() -> None:
    turned = said((0.1, 0.9), (0.2, 0.8), (0.7, 0.3), classes=("yes", "no"))
    assert score("AUC", ("no", "yes", "yes"), turned) == 1.0
    assert score("Accuracy", ("no", "yes", "yes"), turned) == 2 / 3


def test_a_peers_file_holds_what_it_answers(tmp_path: Path) -> None:
    file = tmp_path / "flaml.json"
    file.write_text(json.dumps({"seconds": 2.5, "winner": "rf", "classes": ["no", "yes"], "shares": [[0.4, 0.6]]}))
    assert Answers.read(file) == Answers(2.5, "rf", ("no", "yes"), ((0.4, 0.6),))


def test_our_answer_gives_each_class_its_probability() -> None:
    told = [{"prediction": "yes", "probabilities": {"yes": 0.6, "no": 0.4}}]
    assert shares_of(("no", "yes"), told) == ((0.4, 0.6),)


def test_an_answer_that_only_names_a_class_gives_it_all() -> None:
    assert shares_of(("no", "yes"), [{"prediction": "yes"}]) == ((0.0, 1.0),)


def test_a_larger_holdout_leaves_less_to_chance() -> None:
    half_right = [((0.9, 0.1), "no"), ((0.9, 0.1), "yes")]

    def of(rows: int) -> float:
        shares, truth = zip(*(half_right * (rows // 2)), strict=True)
        return spread("Accuracy", truth, said(*shares))

    assert 0.04 < of(100) < 0.06
    assert of(1000) < of(100) / 2
