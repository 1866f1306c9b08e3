"""Training plans experiments, hands out their fits, and knows when they have ended.

Decides: the plan (once, before the first fit), which fit is next, when an experiment has ended.
Hears:   StartExperiment, CancelExperiment, ImportExperiment, DatasetVersionRegistered, DatasetVersionRemoved,
         FitCompleted, FitFailed, CandidateRetired, ModelVersionCreated; and overhears what workers say of the fits in
         their hands, to know when nobody is left to make them.
Says:    ExperimentStarted, ExperimentRefused, PerformFit, ExperimentCompleted, ExperimentCancelled, CancelRefused,
         ExperimentImported, ImportRefused; and FitCompleted and FitFailed of an experiment that it takes in.

``services.training.worker`` makes the fits, ``services.training.recorder`` writes them down in MLflow: two processes of
their own.
"""
