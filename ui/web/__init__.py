"""The web page: a Panel application on the Bokeh server.

Decides: nothing. Hears: every fact and every sign of progress, once per process. Says: the commands of the person at
the screen (RegisterDataset, StartExperiment, CancelExperiment, DeployModelVersion, ReportModelVersion), and asks the
serving API for predictions.
"""
