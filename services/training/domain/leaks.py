"""What is said of a column that tells the target by itself."""

from collections.abc import Mapping
from types import MappingProxyType

ROWS_LOOKED_AT = 10_000
"""The first so many rows of a dataset version are looked at."""

_SAID: Mapping[str, str] = MappingProxyType(
    {
        "values": "each of its values goes with one class only",
        "gaps": "it is empty for one class, and filled for the other",
        "order": "sorted by it, the classes lie one after the other",
        "linear": "times a number, plus another, it is the target",
        "monotone": "sorted by it, the target is sorted too",
        "equal": "it is the target at the same moment",
    }
)


def said_of(leaks: Mapping[str, str], target: str, rows: int) -> tuple[str, ...]:
    """Return a sentence with cause and cure for each column that tells ``target`` in one of the ways of ``ml.leaks``.

    ``rows`` are all that the dataset version has.
    """
    where = f" in its first {ROWS_LOOKED_AT} rows" if rows > ROWS_LOOKED_AT else ""
    return tuple(
        f"The column {name} tells {target} by itself{where}: {_SAID[how]}. "
        "Leave it out of the data if it is not known when a prediction is asked for."
        for name, how in leaks.items()
    )
