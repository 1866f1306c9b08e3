from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.publishers import AddPublisher
from services.ingest.domain.errors import NameTaken, NotForPublishers, UnknownFact
from services.ingest.domain.publisher import added

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def a_request(**fields: Any) -> AddPublisher:
    return AddPublisher(**{"name": "acme", "nkey": "U" + "A" * 55, "may": ("RegisterDataset",), **fields})


def test_a_publisher_hears_the_answers_to_its_commands_and_what_it_asked_for() -> None:
    card = added(a_request(hears=("LeaderboardUpdated",)), [], NOON)
    assert card.may == ("RegisterDataset",)
    assert card.hears == ("DatasetRejected", "DatasetVersionRegistered", "LeaderboardUpdated")


@pytest.mark.parametrize("name", ["PerformFit", "FitCompleted", "Nonsense", "AddPublisher"])
def test_a_command_that_roles_give_each_other_is_not_for_publishers(name: str) -> None:
    with pytest.raises(NotForPublishers, match=f"cannot be let to send {name}"):
        added(a_request(may=("RegisterDataset", name)), [], NOON)


def test_a_fact_that_does_not_exist_cannot_be_heard() -> None:
    with pytest.raises(UnknownFact):
        added(a_request(hears=("StartExperiment",)), [], NOON)


def test_a_name_belongs_to_one_party() -> None:
    card = added(a_request(), [], NOON)
    with pytest.raises(NameTaken):
        added(a_request(nkey="U" + "B" * 55), [card], NOON)
    with pytest.raises(NameTaken):
        added(a_request(name="training"), [], NOON)
