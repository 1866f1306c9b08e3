"""What a worker finds out about a model version that was made: its evaluation report, and why it predicted something.

The numbers come from a child of their own, forked from the warm server and let go afterwards. What was found is tables:
Parquet in the object store by digest, named one by one in the fact.

A report has these tables, as far as the task has them, in this order:

- ``score_means``: ``metric``, ``mean``, ``low`` and ``high`` over the folds.
- ``scores``: ``metric``, ``fold``, ``score``, as the folds of the race had them.
- Those of ``ml.report.report_tables``, from out-of-fold predictions: each family's file names them and their columns.
- ``importance``, ``influence``, ``partial_dependence`` and ``individual_lines``: those of
  ``ml.explain.explanation_tables``, which names them, of folds fitted anew.

An explanation is one table, ``explanation``: ``row`` (from 0, as they were asked), ``output`` (a class, a group, or
what the number is), ``unit``, ``kind``, ``feature``, ``value``, ``contribution``, ``standard_error``, ``prediction``,
``base``. The contributions to an output of a row add up to its ``prediction`` less its ``base``. ``kind`` is
``column``; the forecasts of a time series have a ``part`` for each of ``last value``, ``season`` and ``forecaster``
too, and a base of 0.
"""
