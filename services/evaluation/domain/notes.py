"""What a person should know about the verdicts of a race."""

from collections.abc import Iterator, Sequence

from contracts.training import Plan
from ml.referee.evidence import HEAVIEST, Evidence
from ml.referee.judgment import Judgment, weight_of_few
from services.evaluation.domain.judgment import Ruling

ROWS_THAT_TELL = 2000
"""Below about so many rows most candidates of a race are within the noise of each other."""
_TOO_HEAVY = 0.5
_ROBUST = {"RMSE": "MAE", "MSE": "MAE", "R2": "MAE", "RMSLE": "MAE"}


def notes_of(plan: Plan, evidence: Sequence[Evidence], ruling: Ruling) -> tuple[str, ...]:
    """Return one sentence for each thing to know; none before the first verdict."""
    return tuple(_notes(plan, evidence, ruling, ruling.judgment)) if ruling.judgment else ()


def _notes(plan: Plan, evidence: Sequence[Evidence], ruling: Ruling, judgment: Judgment) -> Iterator[str]:
    by_rows = all(fold.products is not None for fold in evidence)
    if not by_rows:
        yield (
            f"Judged by fold means: of {plan.metric} the rows are no witnesses here, so less can be told apart, "
            "and nobody is retired."
        )
    elif judgment.is_judged and plan.rows < ROWS_THAT_TELL and len(ruling.tied) > 1:
        yield f"{plan.rows:,} rows cannot tell most candidates apart; from about {ROWS_THAT_TELL:,} on they begin to."
    share = weight_of_few(evidence, judgment.leader) if plan.metric in _ROBUST else None
    if share is not None and share > _TOO_HEAVY:
        seen = sum(fold.rows for fold in evidence)
        yield (
            f"{HEAVIEST} of {seen:,} rows carry {share:.0%} of what the leader's {plan.metric} varies by, so its "
            f"verdicts hang on them; {_ROBUST[plan.metric]} as the metric would not."
        )
    if plan.groups is not None and by_rows:
        yield f"Rows with the same {plan.groups} count as one witness."
