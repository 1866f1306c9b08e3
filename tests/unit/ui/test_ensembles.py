from ml.engines.rosters import PYCARET, SKLEARN
from ui.ensembles import is_ensemble

_WORDS = ("Forest", "Boost", "Trees")


def test_each_candidate_of_an_engine_that_is_named_like_an_ensemble_is_one_and_no_other() -> None:
    for roster in (PYCARET, SKLEARN):
        for offered in roster.values():
            for candidate, name in offered:
                assert is_ensemble(candidate) == any(word in name for word in _WORDS), candidate


def test_boosters_that_an_engine_offers_once_they_are_installed_are_ensembles_too() -> None:
    assert is_ensemble("xgboost")
    assert is_ensemble("catboost_cds_dt")
