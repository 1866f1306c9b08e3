"""Evaluation judges: who leads a race, how sure that is, and who won.

Decides: the standings after each fit, the winner once every fit has an outcome.
Hears:   ExperimentStarted, FitCompleted, FitFailed, ExperimentCompleted.
Says:    LeaderboardUpdated, RefitCandidate; answers GetLeaderboard.
"""
