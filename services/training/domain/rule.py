"""By which rule candidates are retired before they have raced all folds."""

from typing import Literal

from contracts.plans import raced_folds
from contracts.training import Plan, RetiringRule
from services.training.domain.errors import RuleNeedsRows

_SHOWN_FOLDS = 10
"""Raced folds from which on it is known how often a rule errs."""
_MANY_ROWS = 2000
"""Rows below which most candidates of a race stay tied, so that a rule that keeps to its error saves little."""


def choose_rule(asked: Literal["auto", "full"] | RetiringRule, plan: Plan) -> tuple[RetiringRule | None, list[str]]:
    """Return the rule for ``plan``, which has none yet, and what the asker should know about it.

    Raises:
        RuleNeedsRows: if a rule is asked for where the metric is judged by the means of folds.
    """
    has_rows = plan.task in {"classification", "regression"}
    is_shown = plan.groups is None and raced_folds(plan) >= _SHOWN_FOLDS
    if asked == "full" or (asked == "auto" and not (has_rows and is_shown and len(plan.candidates) > 1)):
        return None, []
    rule: RetiringRule = "careful" if asked == "auto" else asked
    if not has_rows:
        raise RuleNeedsRows(rule, plan.task)
    return rule, [*_not_shown(rule, is_shown=is_shown), *_saves_little(plan.rows)]


def _not_shown(rule: RetiringRule, *, is_shown: bool) -> list[str]:
    if is_shown:
        return []
    return [
        f"How often the rule {rule} retires the best candidate was measured for {_SHOWN_FOLDS} folds of single rows "
        "only, not for what is asked here."
    ]


def _saves_little(rows: int) -> list[str]:
    if rows >= _MANY_ROWS:
        return []
    return [f"{rows} rows cannot tell most candidates apart, so few of them will be retired, and little saved."]
