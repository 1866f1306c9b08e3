"""Classes that people could name by their import path, each bad in a way of its own, but one."""

import sys
import threading
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier


class Good(DummyClassifier):  # type: ignore[misc]
    """As good as any that looks at nothing."""


class _Bad(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    def predict(self, rows: Any) -> Any:
        return np.zeros(len(rows))


class Raises(_Bad):
    """Cannot be trained."""

    def fit(self, _rows: Any, _target: Any) -> "Raises":
        raise RuntimeError("the tank is empty")


class Hangs(_Bad):
    """Is never done."""

    def fit(self, _rows: Any, _target: Any) -> "Hangs":
        threading.Event().wait()
        return self


class EatsMemory(_Bad):
    """Takes 16 GB."""

    def fit(self, _rows: Any, _target: Any) -> "EatsMemory":
        self._kept = [np.ones(10**7) for _ in range(200)]
        return self


class PredictsNothing(_Bad):
    """Answers with what is no number."""

    def fit(self, _rows: Any, _target: Any) -> "PredictsNothing":
        return self

    def predict(self, rows: Any) -> Any:
        return np.full(len(rows), np.nan)


class Exits(_Bad):
    """Ends its process."""

    def fit(self, _rows: Any, _target: Any) -> "Exits":
        sys.exit(3)
