"""Serving binds model versions to names and answers for them over HTTP, to callers with a token.

Decides: whether a model version can be deployed (its artifact is whole, loads, and answers its own example), whether
         rows are what a model takes, and who may ask.
Hears:   DeployModelVersion, ModelVersionCreated.
Says:    DeploymentReady, DeploymentRefused, PredictionsLogged.
"""
