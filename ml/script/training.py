"""The part of a script that trains, as ``ml.engines.sklearn`` and ``ml.engines.pycaret`` do."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ml.metrics import Task


@dataclass(frozen=True)
class Training:
    """How an engine's candidate is trained, as code."""

    imports: tuple[str, ...]
    functions: str
    ready: str
    """What is done once, when the rows are read."""


_SKLEARN = '''
def preprocessing():
    """Return new preprocessing: what it learns, it learns from a fold's training rows."""
    of_numbers = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    of_strings = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="(missing)"),
        OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=25, sparse_output=False),
    )
    return ColumnTransformer(
        [
            ("numbers", of_numbers, list(features.select_dtypes(np.number))),
            ("strings", of_strings, list(features.select_dtypes(object))),
        ]
    )


def estimator():
    """Return the candidate, unfitted."""
    return {estimator}


def fold_scores(train, test):
    """Return the scores of one fold: trained on some rows only, judged on those kept out."""
    steps = preprocessing()
    taught = steps.fit_transform(features.iloc[train], target.iloc[train])
    fitted = estimator().fit(taught, target.iloc[train])
    return scores_of(fitted, steps.transform(features.iloc[test]), target.iloc[test].to_numpy())
'''

_SKLEARN_IMPORTS = (
    "from sklearn.compose import ColumnTransformer",
    "from sklearn.impute import SimpleImputer",
    "from sklearn.pipeline import make_pipeline",
    "from sklearn.preprocessing import OneHotEncoder, StandardScaler",
)

_PYCARET = '''
def preprocessing():
    """Return PyCaret's steps, unfitted: what they learn, they learn from a fold's training rows."""
    return [clone(step) for _, step in experiment.get_config("pipeline").steps if step is not None]


def estimator():
    """Return the candidate as PyCaret configures it, unfitted."""
    configured = experiment.models(internal=True).loc[CANDIDATE]
    return configured["Class"](**configured["Args"])


def fold_scores(train, test):
    """Return the scores of one fold: trained on some rows only, judged on those kept out."""
    taught, kept_out = features.iloc[train], features.iloc[test]
    kept_out = kept_out.astype(dict.fromkeys(kept_out.select_dtypes("category"), object))
    for step in preprocessing():
        taught = step.fit(taught, target.iloc[train]).transform(taught)
        kept_out = step.transform(kept_out)
    fitted = estimator().fit(taught, target.iloc[train])
    return scores_of(fitted, kept_out, target.iloc[test].to_numpy())
'''

_PYCARET_READY = """
name = "target"
while name in features:
    name += "_"
data = features.assign(**{name: target})
experiment = PyCaretExperiment()
experiment.setup(
    data,
    target=name,
    # Without test rows PyCaret would keep a third of the others from training; it uses none of them in a fold.
    test_data=data.tail(1).set_axis([len(data)]),
    session_id=SEED,
    n_jobs=1,
    html=False,
    verbose=False,
    memory=False,
)
features, target = experiment.get_config("X_train"), experiment.get_config("y_train")
"""

_PYCARET_EXPERIMENTS: Mapping[Task, str] = MappingProxyType(
    {
        "classification": "from pycaret.classification import ClassificationExperiment as PyCaretExperiment",
        "regression": "from pycaret.regression import RegressionExperiment as PyCaretExperiment",
    }
)


def sklearn_training(estimator: Any) -> Training:
    """Return how an estimator of scikit-learn is trained, with its parameters written out."""
    kind = type(estimator)
    public = kind.__module__.partition("._")[0]
    written = " ".join(estimator.__repr__(N_CHAR_MAX=100_000).split())
    return Training(
        imports=(*_SKLEARN_IMPORTS, f"from {public} import {kind.__name__}"),
        functions=_SKLEARN.replace("{estimator}", written),
        ready="\ntarget = pd.Series(target)\n",
    )


def pycaret_training(task: Task) -> Training:
    """Return how a candidate of PyCaret is trained, by PyCaret's public API."""
    return Training(
        imports=(_PYCARET_EXPERIMENTS[task], "from sklearn.base import clone"),
        functions=_PYCARET,
        ready=_PYCARET_READY,
    )
