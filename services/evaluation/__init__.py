"""Evaluation judges: who leads a race, who need not race on, how sure that is, and who won.

Decides: the standings after each fit; whom the referee retires once all who race still have raced a fold; the winner
         once every fit that is owed has an outcome.
Hears:   ExperimentStarted, FitCompleted, FitFailed, ExperimentCompleted, ExperimentCancelled.
Says:    LeaderboardUpdated, CandidateRetired, RefitCandidate; answers GetLeaderboard, CompareCandidates.
"""
