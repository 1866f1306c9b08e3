from typing import Any

import pytest

from contracts.evaluation import CandidateRank, CandidatesCompared, PairCompared
from contracts.ids import CandidateId
from ui.cli.compare_candidates import p_of, report


def a_pair(first: str = "logistic", second: str = "tree", **fields: Any) -> PairCompared:
    defaults: dict[str, Any] = {
        "first": first,
        "second": second,
        "folds": 5,
        "difference": 0.0123,
        "low": 0.0011,
        "high": 0.0235,
        "statistic": 2.9,
        "p_value": 0.04,
        "corrected": None,
        "better": 0.9,
        "same": 0.08,
        "worse": 0.02,
    }
    return PairCompared(**defaults | fields)


def an_answer(*pairs: PairCompared, **fields: Any) -> CandidatesCompared:
    defaults: dict[str, Any] = {
        "metric": "AUC",
        "greater_is_better": True,
        "tests": ("correlated_t", "corrected_t"),
        "said": "All were scored on the same folds.",
        "caveat": None,
        "datasets": 1,
        "margin": 0.005,
        "pairs": pairs or (a_pair(),),
    }
    return CandidatesCompared(**defaults | fields)


def printed(told: CandidatesCompared, capsys: pytest.CaptureFixture[str]) -> list[str]:
    report(told)
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_a_pair_is_told_with_its_test_and_how_to_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(an_answer(), capsys) == [
        "correlated_t, corrected_t: All were scored on the same folds.",
        "FIRST SECOND DIFF 95 % INTERVAL BETTER/SAME/WORSE P",
        "logistic tree 0.0123 0.0011 … 0.0235 90 / 8 / 2 % 0.0400",
        "diff: AUC of the first less that of the second over 5 folds; more is better",
        "same: within 0.005 AUC",
        "1 of 1 pair told apart, at 5 % in all",
    ]


def test_many_pairs_are_told_with_corrected_p_values(capsys: pytest.CaptureFixture[str]) -> None:
    told = an_answer(a_pair(corrected=0.08), a_pair(second="dummy", p_value=1e-9, corrected=2e-9))
    lines = printed(told, capsys)
    assert lines[1].endswith("HOLM P")
    assert [line.split(" % ")[-1] for line in lines[2:4]] == ["0.0800", "< 0.0001"]
    assert lines[-1] == "1 of 2 pairs told apart, at 5 % in all"


def test_how_many_folds_a_pair_shares_is_told_where_it_differs(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(an_answer(a_pair(), a_pair(second="dummy", folds=3)), capsys)
    assert lines[1].startswith("FIRST SECOND FOLDS")
    assert [line.split()[2] for line in lines[2:4]] == ["5", "3"]
    assert lines[4] == "diff: AUC of the first less that of the second; more is better"


def test_a_caveat_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert "note Take it as a hint." in printed(an_answer(caveat="Take it as a hint."), capsys)


def test_of_an_error_less_is_better(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(an_answer(metric="RMSE", greater_is_better=False), capsys)[3].endswith("less is better")


def ranked(p_value: float) -> CandidatesCompared:
    by_rank = dict.fromkeys(("folds", "low", "high", "statistic", "better", "same", "worse"))
    return an_answer(
        a_pair("lr", "tree", **by_rank | {"p_value": 0.3}),
        a_pair("lr", "dummy", **by_rank | {"p_value": 0.01}),
        a_pair("tree", "dummy", **by_rank | {"p_value": 0.2}),
        tests=("friedman", "nemenyi"),
        datasets=5,
        margin=None,
        ranks=tuple(
            CandidateRank(candidate=CandidateId(name), mean_rank=rank)
            for name, rank in (("lr", 1.2), ("tree", 1.9), ("dummy", 2.9))
        ),
        critical_difference=1.48,
        p_value=p_value,
    )


def test_ranks_are_told_with_the_critical_difference(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(ranked(p_value=0.0029), capsys)[1:] == [
        "CANDIDATE MEAN RANK TOLD APART FROM",
        "lr 1.20 dummy",
        "tree 1.90 nobody",
        "dummy 2.90 lr",
        "Friedman's p over 5 datasets: 0.0029",
        "critical difference: mean ranks more than 1.48 apart differ, at 5 % in all",
    ]


def test_nobody_is_told_apart_where_friedmans_test_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert [line.split()[-1] for line in printed(ranked(p_value=0.2), capsys)[2:5]] == ["nobody"] * 3


def test_the_p_value_that_counts_is_the_corrected_one() -> None:
    assert (p_of(a_pair()), p_of(a_pair(corrected=0.08))) == (0.04, 0.08)
