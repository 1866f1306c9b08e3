"""The recorder writes races down in MLflow: a run for each candidate, and one for each refit.

Decides: nothing. It hears what happened and records it; MLflow away for minutes or hours loses nothing, since a fact
         that cannot be recorded is tried again for ever, and recording one twice changes nothing.
Hears:   ExperimentStarted, FitCompleted, FitFailed, CandidateRetired, ExperimentCompleted, ExperimentCancelled,
         ModelVersionCreated.
Says:    CandidateRecorded, ModelVersionRecorded.
"""
