"""The statistics after a race: which candidate is better, how sure that is, and what the winner is worth on new data.

``suitable`` says which test answers a question, or refuses with the reason; the tests themselves take numbers.

>>> from ml.comparisons import corrected_t, holm
>>> winner, second, third = [0.80, 0.82, 0.81], [0.79, 0.80, 0.81], [0.70, 0.71, 0.70]
>>> p_values = [corrected_t(winner, other, test_share=1 / 3).p_value for other in (second, third)]
>>> holm(p_values).round(3).tolist()
[0.388, 0.005]
"""

from ml.comparisons.choice import Method, suitable
from ml.comparisons.datasets import Nemenyi, Ranking, TooFewToRank, critical_difference, friedman, nemenyi
from ml.comparisons.delong import ClassTooSmall, Delong, delong
from ml.comparisons.evidence import (
    CandidatesTooFew,
    DatasetCountedTwice,
    DatasetsDiffer,
    Evidence,
    KindsDiffer,
    RowsTooFew,
    SplitsDiffer,
    VersionsDiffer,
)
from ml.comparisons.folds import Difference, MarginImpossible, ShareImpossible, Shares, corrected_t, correlated_t
from ml.comparisons.holm import ProbabilityImpossible, holm
from ml.comparisons.mcnemar import AnswersNotJudged, McNemar, mcnemar
from ml.comparisons.paired import ComparisonRefused, LengthsDiffer, NotFinite, ScoresTooFew
from ml.comparisons.questions import (
    LabelsNeeded,
    NoTestForHoldout,
    OneDatasetNeeded,
    OtherMetricTested,
    Question,
    TestName,
    TwoClassesNeeded,
    WrongKind,
)
from ml.comparisons.winner import DrawsUnscorable, Expected, NothingToChoose, expected_of_values, expected_score

__all__ = [
    "AnswersNotJudged",
    "CandidatesTooFew",
    "ClassTooSmall",
    "ComparisonRefused",
    "DatasetCountedTwice",
    "DatasetsDiffer",
    "Delong",
    "Difference",
    "DrawsUnscorable",
    "Evidence",
    "Expected",
    "KindsDiffer",
    "LabelsNeeded",
    "LengthsDiffer",
    "MarginImpossible",
    "McNemar",
    "Method",
    "Nemenyi",
    "NoTestForHoldout",
    "NotFinite",
    "NothingToChoose",
    "OneDatasetNeeded",
    "OtherMetricTested",
    "ProbabilityImpossible",
    "Question",
    "Ranking",
    "RowsTooFew",
    "ScoresTooFew",
    "ShareImpossible",
    "Shares",
    "SplitsDiffer",
    "TestName",
    "TooFewToRank",
    "TwoClassesNeeded",
    "VersionsDiffer",
    "WrongKind",
    "corrected_t",
    "correlated_t",
    "critical_difference",
    "delong",
    "expected_of_values",
    "expected_score",
    "friedman",
    "holm",
    "mcnemar",
    "nemenyi",
    "suitable",
]
