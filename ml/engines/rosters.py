"""The candidates that each engine offers, by task: id and name.

PyCaret's are written down here because asking PyCaret costs its import; a test compares them with its own ``models()``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ml.metrics import Task

Roster = Mapping[Task, tuple[tuple[str, str], ...]]

# Left out, as PyCaret's own "turbo" leaves them out, since they take minutes on ten thousand rows: rbfsvm, gpc, mlp;
# ard, tr, ransac, kr, svm, mlp in regression; bats, tbats. Left out because they are not installed: xgboost, catboost,
# kmodes. Left out because they score rows only among each other, so that they have no answer for one: cof, sod, sos.
# Left out because it takes others instead of being one: ensemble_forecaster.
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
        "clustering": (
            ("kmeans", "K-Means Clustering"),
            ("ap", "Affinity Propagation"),
            ("meanshift", "Mean Shift Clustering"),
            ("sc", "Spectral Clustering"),
            ("hclust", "Agglomerative Clustering"),
            ("dbscan", "Density-Based Spatial Clustering"),
            ("optics", "OPTICS Clustering"),
            ("birch", "Birch Clustering"),
        ),
        "anomaly_detection": (
            ("abod", "Angle-base Outlier Detection"),
            ("cluster", "Clustering-Based Local Outlier"),
            ("iforest", "Isolation Forest"),
            ("histogram", "Histogram-based Outlier Detection"),
            ("knn", "K-Nearest Neighbors Detector"),
            ("lof", "Local Outlier Factor"),
            ("svm", "One-class SVM detector"),
            ("pca", "Principal Component Analysis"),
            ("mcd", "Minimum Covariance Determinant"),
        ),
        "time_series": (
            ("naive", "Naive Forecaster"),
            ("grand_means", "Grand Means Forecaster"),
            ("snaive", "Seasonal Naive Forecaster"),
            ("polytrend", "Polynomial Trend Forecaster"),
            ("arima", "ARIMA"),
            ("auto_arima", "Auto ARIMA"),
            ("exp_smooth", "Exponential Smoothing"),
            ("ets", "ETS"),
            ("theta", "Theta Forecaster"),
            ("stlf", "STLF"),
            ("croston", "Croston"),
            ("lr_cds_dt", "Linear w/ Cond. Deseasonalize & Detrending"),
            ("en_cds_dt", "Elastic Net w/ Cond. Deseasonalize & Detrending"),
            ("ridge_cds_dt", "Ridge w/ Cond. Deseasonalize & Detrending"),
            ("lasso_cds_dt", "Lasso w/ Cond. Deseasonalize & Detrending"),
            ("llar_cds_dt", "Lasso Least Angular Regressor w/ Cond. Deseasonalize & Detrending"),
            ("br_cds_dt", "Bayesian Ridge w/ Cond. Deseasonalize & Detrending"),
            ("huber_cds_dt", "Huber w/ Cond. Deseasonalize & Detrending"),
            ("omp_cds_dt", "Orthogonal Matching Pursuit w/ Cond. Deseasonalize & Detrending"),
            ("knn_cds_dt", "K Neighbors w/ Cond. Deseasonalize & Detrending"),
            ("dt_cds_dt", "Decision Tree w/ Cond. Deseasonalize & Detrending"),
            ("rf_cds_dt", "Random Forest w/ Cond. Deseasonalize & Detrending"),
            ("et_cds_dt", "Extra Trees w/ Cond. Deseasonalize & Detrending"),
            ("gbr_cds_dt", "Gradient Boosting w/ Cond. Deseasonalize & Detrending"),
            ("ada_cds_dt", "AdaBoost w/ Cond. Deseasonalize & Detrending"),
            ("lightgbm_cds_dt", "Light Gradient Boosting w/ Cond. Deseasonalize & Detrending"),
        ),
    }
)

MANY_ROWS = 10_000
QUADRATIC: Mapping[Task, frozenset[str]] = MappingProxyType(
    {
        "clustering": frozenset({"ap", "meanshift", "sc", "hclust", "dbscan", "optics", "agglomerative"}),
        "anomaly_detection": frozenset({"svm"}),
    }
)
"""Candidates whose memory or time grows with the square of the rows: above ``MANY_ROWS`` they race only if named."""

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
        "clustering": (
            ("kmeans", "K-Means"),
            ("minibatch", "Mini-Batch K-Means"),
            ("mixture", "Gaussian Mixture"),
            ("birch", "Birch"),
            ("agglomerative", "Agglomerative Clustering"),
            ("dbscan", "DBSCAN"),
        ),
        "anomaly_detection": (
            ("forest", "Isolation Forest"),
            ("neighbors", "Local Outlier Factor"),
            ("svm", "One-Class SVM"),
            ("elliptic", "Elliptic Envelope"),
        ),
        "time_series": (
            ("naive", "Last Value"),
            ("seasonal", "Last Season"),
            ("drift", "Drift"),
            ("mean", "Mean"),
            ("ridge", "Ridge on Lags"),
            ("forest", "Random Forest on Lags"),
            ("boosting", "Histogram Gradient Boosting on Lags"),
        ),
    }
)
