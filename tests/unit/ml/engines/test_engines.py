import subprocess
import sys

import pytest

from ml.engines import EngineUnknown, candidates, engine
from ml.metrics import Task


@pytest.mark.parametrize(("task", "at_least"), [("classification", 14), ("regression", 15)])
def test_pycaret_offers_a_full_field(task: Task, at_least: int) -> None:
    assert len(candidates("pycaret", task)) >= at_least


@pytest.mark.parametrize("name", ["pycaret", "sklearn"])
@pytest.mark.parametrize("task", ["classification", "regression"])
def test_candidate_ids_are_unique(name: str, task: Task) -> None:
    ids = [candidate for candidate, _ in candidates(name, task)]
    assert len(set(ids)) == len(ids)


def test_an_unknown_engine_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(EngineUnknown, match="pycaret, sklearn"):
        candidates("h2o", "regression")
    with pytest.raises(EngineUnknown, match="pycaret, sklearn"):
        engine("h2o")


def test_asking_what_an_engine_offers_imports_nothing_heavy() -> None:
    script = (
        "import sys, ml.engines, ml.metrics, ml.statistics\n"
        "sys.exit(', '.join({'sklearn', 'pandas', 'pycaret', 'mlflow'} & sys.modules.keys()))"
    )
    answer = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert answer.stderr.strip() == ""
