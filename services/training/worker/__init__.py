"""A training worker makes one fit at a time; any number of them share the work.

Decides: nothing; it does what a frozen plan says.
Hears:   PerformFit, RefitCandidate, ReportModelVersion, ExplainPrediction; and overhears ExperimentCancelled and
         CandidateRetired, which end the fit in its hands if nobody wants it any more.
Says:    FitStarted and FitInHand (progress), FitCompleted, FitFailed, ModelVersionCreated, RefitFailed,
         ModelVersionReported, ReportRefused, PredictionExplained, ExplanationRefused.

The fit itself runs in a child forked from the warm server, which sees neither the bus nor the objects. A finished
fit is written down once by its id, so a repeated command gets the same answer, whoever gave it first.
"""
