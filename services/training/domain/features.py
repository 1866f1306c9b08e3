"""Which columns the candidates see."""

from collections.abc import Sequence

from contracts.ingest import Column
from services.training.domain.errors import NoFeatures


def choose_features(columns: Sequence[Column], target: str, rows: int) -> tuple[tuple[Column, ...], list[str]]:
    """Return the columns to predict ``target`` from, and why others are left out.

    Raises:
        NoFeatures: if none is left.
    """
    others = [column for column in columns if column.name != target]
    empty = [column.name for column in others if column.missing >= rows]
    constant = [column.name for column in others if column.missing < rows and column.distinct <= 1]
    left = (column for column in others if column.name not in {*empty, *constant})
    # How rare a feature's values are makes no other fit, so it makes no other plan.
    features = tuple(column.model_copy(update={"rarest": None}) for column in left)
    if not features:
        raise NoFeatures(target)
    return features, [*_left_out(empty, "empty in every row"), *_left_out(constant, "the same in every row")]


def _left_out(names: Sequence[str], why: str) -> list[str]:
    if not names:
        return []
    noun = "The column" if len(names) == 1 else "The columns"
    verb = "is" if len(names) == 1 else "are"
    return [f"{noun} {', '.join(names)} {verb} left out: {why}."]
