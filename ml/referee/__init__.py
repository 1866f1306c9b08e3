"""The referee of a race: who may be retired early, and what can be said of the others.

It compares rows and not fold means. A candidate's score on a fold is the mean of one number per row
(``ml.row_scores``), and two candidates answer the same rows, so a single fold gives hundreds of paired differences
where fold means give one. See docs/adr/0026 for the rule, what was measured of it, and what is not known.

- ``evidence``: what one fold says, small enough to keep.
- ``gap``: how far one candidate is behind another, and how sure that is.
- ``boundary``: how sure it must be, when it is looked after every fold and at many candidates.
- ``course``: who was retired after which fold, from the evidence alone.
- ``judgment``: who cannot be told apart at the end.
"""
