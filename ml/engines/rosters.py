"""The candidates that each engine offers, by task: id and name.

PyCaret's are written down here because asking PyCaret costs its import; a test compares them with its own ``models()``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ml.metrics import Task

Roster = Mapping[Task, tuple[tuple[str, str], ...]]

# Left out, as PyCaret's own "turbo" leaves them out, since they take minutes on ten thousand rows: rbfsvm, gpc, mlp;
# ard, tr, ransac, kr, svm, mlp in regression. Left out because they are not installed: xgboost, catboost.
PYCARET: Roster = MappingProxyType(
    {
        "classification": (
            ("lr", "Logistic Regression"),
            ("knn", "K Neighbors Classifier"),
            ("nb", "Naive Bayes"),
            ("dt", "Decision Tree Classifier"),
            ("svm", "SVM - Linear Kernel"),
            ("ridge", "Ridge Classifier"),
            ("rf", "Random Forest Classifier"),
            ("qda", "Quadratic Discriminant Analysis"),
            ("ada", "Ada Boost Classifier"),
            ("gbc", "Gradient Boosting Classifier"),
            ("lda", "Linear Discriminant Analysis"),
            ("et", "Extra Trees Classifier"),
            ("lightgbm", "Light Gradient Boosting Machine"),
            ("dummy", "Dummy Classifier"),
        ),
        "regression": (
            ("lr", "Linear Regression"),
            ("lasso", "Lasso Regression"),
            ("ridge", "Ridge Regression"),
            ("en", "Elastic Net"),
            ("lar", "Least Angle Regression"),
            ("llar", "Lasso Least Angle Regression"),
            ("omp", "Orthogonal Matching Pursuit"),
            ("br", "Bayesian Ridge"),
            ("par", "Passive Aggressive Regressor"),
            ("huber", "Huber Regressor"),
            ("knn", "K Neighbors Regressor"),
            ("dt", "Decision Tree Regressor"),
            ("rf", "Random Forest Regressor"),
            ("et", "Extra Trees Regressor"),
            ("ada", "AdaBoost Regressor"),
            ("gbr", "Gradient Boosting Regressor"),
            ("lightgbm", "Light Gradient Boosting Machine"),
            ("dummy", "Dummy Regressor"),
        ),
    }
)

SKLEARN: Roster = MappingProxyType(
    {
        "classification": (
            ("logistic", "Logistic Regression"),
            ("ridge", "Ridge Classifier"),
            ("bayes", "Naive Bayes"),
            ("tree", "Decision Tree"),
            ("forest", "Random Forest"),
            ("boosting", "Histogram Gradient Boosting"),
            ("dummy", "Most Frequent Class"),
        ),
        "regression": (
            ("ridge", "Ridge Regression"),
            ("lasso", "Lasso Regression"),
            ("neighbors", "Nearest Neighbors"),
            ("tree", "Decision Tree"),
            ("forest", "Random Forest"),
            ("boosting", "Histogram Gradient Boosting"),
            ("dummy", "Mean of the Target"),
        ),
    }
)
