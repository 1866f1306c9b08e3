"""The scheduler starts experiments by facts, and reads sources by the clock.

Decides: which triggers a fact fires, once for each trigger and numbered version; what becomes of a schedule's slots.
Hears:   SetTrigger, RemoveTrigger, SetSchedule, RemoveSchedule, ScheduleDue, DatasetVersionRegistered,
         DatasetRejected, ExperimentRefused.
Says:    TriggerSet, TriggerRemoved, TriggerRefused, TriggerFired, StartExperiment, ScheduleSet, ScheduleRemoved,
         ScheduleRefused, ScheduleFired, ReadSource, ScheduleDue; answers ListTriggers, ListSchedules.
"""
