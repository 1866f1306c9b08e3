"""What an estimator answers is checked before it is scored: it may be anybody's."""

import numpy as np

from ml.scoring import Numbers


class PredictionsNotFinite(ValueError):
    """An estimator answered with infinities or with nothing."""

    def __init__(self) -> None:
        super().__init__("the estimator predicted what is no finite number")


class PredictionsNotClasses(ValueError):
    """An estimator answered with something else than the classes that it was taught."""

    def __init__(self) -> None:
        super().__init__("the estimator predicted what is none of the classes that it was taught. Is it a classifier?")


class PredictionsMiscounted(ValueError):
    """An estimator answered other rows than those that it was asked."""

    def __init__(self, found: tuple[int, ...], rows: int) -> None:
        super().__init__(f"the estimator predicted {' x '.join(map(str, found))} values for {rows} rows")


def check(predicted: Numbers, rows: int, classes: int) -> None:
    """Refuse predictions that are not one for each row: a finite number, or the place of one of the classes.

    Raises:
        PredictionsMiscounted: if they are more or fewer than the rows.
        PredictionsNotFinite: if one is no number.
        PredictionsNotClasses: if there are classes, and one is none of them.
    """
    if predicted.shape != (rows,):
        raise PredictionsMiscounted(predicted.shape, rows)
    if predicted.dtype.kind not in "buif" or not np.isfinite(predicted).all():
        raise PredictionsNotFinite
    if classes and not np.isin(predicted, np.arange(classes)).all():
        raise PredictionsNotClasses
