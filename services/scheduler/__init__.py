"""The scheduler starts experiments by facts: a dataset's new version, by a trigger.

Decides: which triggers a fact fires, once for each trigger and numbered version.
Hears:   SetTrigger, RemoveTrigger, DatasetVersionRegistered, ExperimentRefused.
Says:    TriggerSet, TriggerRemoved, TriggerRefused, TriggerFired, StartExperiment; answers ListTriggers.
"""
