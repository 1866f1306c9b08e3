import sys
from pathlib import Path

import pytest

from ml.engines.own import EstimatorUnusable, estimator_of, name_of
from ml.engines.own import ImportPathMalformed as Malformed

MODULE = """
class Plain:
    def fit(self, rows, target): return self
    def predict(self, rows): return [0] * len(rows)
    def get_params(self, deep=True): return {}

class Seeded(Plain):
    def __init__(self, random_state=None, n_jobs=4):
        self.seed, self.jobs = random_state, n_jobs

class Hiding(Plain):
    def __init__(self, **kwargs): self.parameters = {"random_state": None, "n_jobs": None} | kwargs
    def get_params(self, deep=True): return self.parameters
    def set_params(self, **given): self.parameters |= given

class Demanding(Plain):
    def __init__(self, depth): self.depth = depth

class Mute:
    made = 0
    def __init__(self): type(self).made += 1
    def fit(self, rows, target): return self

made = Plain()
"""


@pytest.fixture(autouse=True)
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "acme_own.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "acme_own", raising=False)
    return tmp_path


def test_a_class_gets_the_seed_and_one_thread_if_it_takes_them() -> None:
    seeded = estimator_of("acme_own:Seeded", 7)
    assert (seeded.seed, seeded.jobs) == (7, 1)
    assert estimator_of("acme_own:Hiding", 7).get_params() == {"random_state": 7, "n_jobs": 1}
    assert estimator_of("acme_own:Plain", 7).get_params() == {}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "acme_gone.models:Booster",
            "cannot import acme_gone.models .ModuleNotFoundError.*put its folder on their PYT",
        ),
        ("acme_own:Boster", "the module acme_own has no Boster"),
        ("acme_own:made", "something else than a class by the name of made"),
        ("acme_own:Mute", "has no predict and no get_params"),
        ("acme_own:Demanding", "cannot be made without arguments .*'depth'.* a default"),
        ("acme_leaves:Booster", "cannot import acme_leaves .SystemExit: 3"),
    ],
)
def test_what_cannot_race_says_why_and_what_helps(acme: Path, path: str, words: str) -> None:
    (acme / "acme_leaves.py").write_text("raise SystemExit(3)")
    with pytest.raises(EstimatorUnusable, match=words):
        estimator_of(path, 7)


def test_what_is_no_estimator_is_never_made() -> None:
    with pytest.raises(EstimatorUnusable):
        estimator_of("acme_own:Mute", 7)
    assert sys.modules["acme_own"].Mute.made == 0


@pytest.mark.parametrize(
    "path", ["acme:", ":Booster", "acme..models:B", "acme:B:C", "acme:class", "a/b:C", "a:" + "b" * 200]
)
def test_what_is_no_import_path_is_malformed(path: str) -> None:
    with pytest.raises(Malformed):
        name_of(path)
