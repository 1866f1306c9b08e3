"""What nobody wants any more: a worker leaves it alone once it has overheard that."""

from contracts.evaluation import CandidateRetired
from contracts.ids import CandidateId, ExperimentId
from contracts.training import ExperimentCancelled, PerformFit, RefitCandidate

Asked = PerformFit | RefitCandidate
"""A piece of work."""
Ending = ExperimentCancelled | CandidateRetired
"""What says that some work is not wanted any more."""


class Wanted:
    """Everything, but for what has ended; not safe for threads."""

    def __init__(self) -> None:
        self._cancelled: set[ExperimentId] = set()
        self._retired: dict[tuple[ExperimentId, CandidateId], int] = {}

    def end(self, fact: Ending) -> None:
        """Want nothing more of an experiment, or no further fits of its candidate."""
        if isinstance(fact, ExperimentCancelled):
            self._cancelled.add(fact.experiment_id)
        else:
            self._retired.setdefault((fact.experiment_id, fact.candidate), fact.folds)

    def has(self, asked: Asked) -> bool:
        """Return whether a piece of work is still wanted; a retired candidate may still be refitted."""
        if not self.keeps(asked):
            return False
        raced = self._retired.get((ExperimentId(asked.experiment_id), asked.candidate))
        return raced is None or isinstance(asked, RefitCandidate) or asked.fold < raced

    def keeps(self, asked: Asked) -> bool:
        """Return whether work that came to its end is stated: also if its candidate was retired meanwhile."""
        return asked.experiment_id not in self._cancelled
