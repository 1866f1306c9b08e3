"""A plan as bytes, and the digest that stands in every fact of its experiments."""

import json
from hashlib import sha256

from contracts.training import Plan


def canonical(plan: Plan) -> bytes:
    """Return the plan as bytes: the same plan gives the same bytes, on any machine."""
    # Without what is None, so that a later optional field leaves the plans of today as they are.
    values = plan.model_dump(mode="json", exclude_none=True)
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def raced_folds(plan: Plan) -> int:
    """Return on how many of its folds a plan races, the first ones: all, unless its budget of fits pays for fewer."""
    return plan.folds if plan.budget is None else min(plan.folds, plan.budget // len(plan.candidates))


def digest_of(plan: Plan) -> str:
    """Return the plan's SHA-256."""
    return sha256(canonical(plan)).hexdigest()
