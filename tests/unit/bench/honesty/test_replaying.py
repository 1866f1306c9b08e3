from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from tests.bench.honesty.figures import ratios
from tests.bench.honesty.questions import Question
from tests.bench.honesty.replaying import Replay, replays
from tests.bench.honesty.reporting import told
from tests.builders.folds import folds_around

FOLDS = 10


def question(means: Mapping[str, float], truth: Sequence[float], metric: str = "AUC", noise: float = 0.1) -> Question:
    """Return a race whose folds say ``means``, while ``truth`` is true; each fit took a second."""
    return Question(
        race="race",
        dataset="dataset",
        rows=4000,
        twins=False,
        metric=metric,
        candidates=tuple(means),
        evidence=tuple(folds_around(means, FOLDS, rows=400, noise=noise)),
        truth=np.array(truth),
        seconds=np.ones((FOLDS, len(means))),
    )


def of_rule(rule: str, asked: Question) -> Replay:
    (found,) = (replay for replay in replays(asked) if replay.rule == rule)
    return found


@pytest.mark.parametrize("rule", ["strict", "careful", "fast", "paired_t", "anova", "wilcoxon_pruner"])
def test_a_rule_is_right_where_the_folds_tell_the_truth(rule: str) -> None:
    found = of_rule(rule, question({"best": 0.9, "bad": 0.6, "worse": 0.5}, [0.9, 0.6, 0.5]))
    assert not found.is_wrong
    assert found.is_sole


@pytest.mark.parametrize("rule", ["strict", "careful", "fast", "paired_t", "anova", "wilcoxon_pruner"])
def test_a_rule_is_wrong_where_the_folds_mislead_it(rule: str) -> None:
    found = of_rule(rule, question({"lucky": 0.9, "best": 0.6}, [0.7, 0.9]))
    assert found.is_wrong
    assert found.is_misjudged
    assert found.is_wrong_by_more


def test_of_an_error_the_least_is_best() -> None:
    """The truth is stored with its sign turned, the folds' evidence is not."""
    asked = question({"best": 10.0, "bad": 20.0}, [-10.0, -20.0], metric="RMSE")
    assert not any(replay.is_wrong for replay in replays(asked))


def test_the_best_of_equals_is_retired_wrongly_but_not_misjudged_within_the_margin() -> None:
    """Which of two equals leads is chance; both truths are tried, so that the one that is retired is once the best."""
    alike = {"one": 0.9, "other": 0.9}
    found = [of_rule("careful", question(alike, truth, noise=0.01)) for truth in ([0.901, 0.9], [0.9, 0.901])]
    assert [replay.is_wrong for replay in found].count(True) == 1
    assert not any(replay.is_misjudged or replay.is_wrong_by_more or replay.is_sole for replay in found)


def test_who_is_retired_after_one_fold_costs_one_of_ten() -> None:
    found = of_rule("strict", question({"best": 0.9, "bad": 0.1}, [0.9, 0.1]))
    assert (found.cpu, found.fits) == pytest.approx((11 / 20, 11 / 20))


def test_figures_and_tables_tell_of_every_rule() -> None:
    found = list(replays(question({"best": 0.9, "bad": 0.1}, [0.9, 0.1])))
    assert ratios(found)["careful_wrongly_retired"] == 0.0
    assert ratios(found)["wilcoxon_pruner_cpu"] == pytest.approx(14 / 20)
    assert sum(line.startswith("careful ") for line in told(found)) == 4
