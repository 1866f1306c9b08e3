"""What a deployment was asked, as serving keeps it in the object store for whoever explains the answer."""

from contracts.ids import ModelVersionId
from contracts.message import Value

PREFIX = "asked"
"""The first part of the keys: what gives no more rights than to these."""


class AskedRows(Value):
    """The rows of one request, as JSON has them."""

    model_version_id: ModelVersionId
    """The model version that answered."""
    rows: tuple[dict[str, str | int | float | bool | None], ...]
    """The first ones, if there were many: values by column, null where one is missing."""
    of: int
    """How many rows the request had."""


def key_of(prediction_id: str) -> str:
    """Return the key under which the rows of a prediction are kept.

    >>> key_of("5f0c3c0f-1f6d-4d2e-9a55-0d5a4b6f7c11")
    'asked/5f0c3c0f-1f6d-4d2e-9a55-0d5a4b6f7c11.json'
    """
    return f"{PREFIX}/{prediction_id}.json"
