"""Identifiers and the shapes that they share.

A key stands as one token in a subject, so it holds neither dots nor wildcards.
"""

from typing import Annotated, NewType
from uuid import UUID, uuid5

from pydantic import StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

IngestionId = NewType("IngestionId", str)
DatasetVersionId = NewType("DatasetVersionId", str)
ExperimentId = NewType("ExperimentId", str)
CandidateId = NewType("CandidateId", str)
FitId = NewType("FitId", str)
ModelVersionId = NewType("ModelVersionId", str)
DeploymentId = NewType("DeploymentId", str)
TriggerId = NewType("TriggerId", str)
ScheduleId = NewType("ScheduleId", str)

_SPACE = UUID("6d6f6465-6c73-5261-8365-747261636b73")


def derived(*parts: object) -> str:
    """Return the id that follows from ``parts``: the same parts give the same id, on any machine.

    >>> derived("exp-1", 2) == derived("exp-1", 2) != derived("exp-1", 3)
    True
    """
    return str(uuid5(_SPACE, "\x1f".join(map(str, parts))))
