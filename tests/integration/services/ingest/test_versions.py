"""A dataset's versions: what changed, how far values moved, and what goes when one is removed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import Refusal
from contracts.ingest import DatasetVersionRegistered, RegisterDataset
from contracts.message import Message
from contracts.versions import (
    CompareVersions,
    DatasetSchemaChanged,
    DatasetVersionRemoved,
    ListVersions,
    RemovalRefused,
    RemoveDatasetVersion,
    VersionNamed,
    VersionsCompared,
)
from infra.state import State
from services.ingest.desk import Desk as Hands
from services.ingest.handlers import register_dataset, remember
from services.ingest.shelf import ObjectShelf
from services.ingest.store import METADATA, VersionStore
from services.ingest.versions import compare_versions, list_versions, remember_removed, remove_version
from tests.builders.messages import NOON
from tests.integration.services.ingest.conftest import Desk

CSV = "species,mass\nAdelie,3700\nGentoo,NA\n"
OTHER = "species,mass\nAdelie,3700\nGentoo,5000\n"
THIRD = "species,mass\nAdelie,1\nGentoo,2\n"


class Room:
    """The handlers, called as the bus would call them."""

    def __init__(self, desk: Desk, state: State) -> None:
        self.desk = desk
        self.state = state
        self.shelf = ObjectShelf(desk.objects)
        self.hands = Hands(lambda _sign: None)
        self.said: list[Message] = []

    def register(self, ingestion_id: str, data: str, name: str = "penguins") -> list[Any]:
        upload = f"uploads/{ingestion_id}"
        self.desk.objects.create(upload, [data.encode()])
        command = RegisterDataset(ingestion_id=ingestion_id, name=name, upload=upload, filename="p.csv")
        with self.state.transaction() as transaction:
            store = VersionStore(transaction)
            return self._said(register_dataset(command, store, self.desk.intake, lambda: NOON, self.hands))

    def remove(self, removal_id: str, number: int, name: str = "penguins") -> Any:
        command = RemoveDatasetVersion(removal_id=removal_id, name=name, number=number)
        with self.state.transaction() as transaction:
            (answer,) = self._said(remove_version(command, VersionStore(transaction), self.shelf, lambda: NOON))
        return answer

    def numbers(self, name: str = "penguins") -> list[int]:
        with self.state.transaction() as transaction:
            return [
                version.number for version in list_versions(ListVersions(name=name), VersionStore(transaction)).versions
            ]

    def compare(self, before: int | None = None, after: int | None = None, name: str = "penguins") -> VersionsCompared:
        query = CompareVersions(name=name, before=before, after=after)
        with self.state.transaction() as transaction:
            return compare_versions(query, VersionStore(transaction), self.shelf)

    def refused(self, **asked: Any) -> str:
        with pytest.raises(Refusal) as refusal:
            self.compare(**asked)
        return f"{refusal.value.reason}: {refusal.value.cause}"

    def tables(self) -> set[str]:
        return {key for key in self.desk.objects.keys("datasets") if key.endswith(".parquet")}

    def _said(self, messages: list[Message]) -> list[Message]:
        self.said += messages
        return messages


@pytest.fixture
def room(desk: Desk, state: State) -> Room:
    return Room(desk, state)


@pytest.fixture
def again(desk: Desk, tmp_path: Path) -> Iterator[Room]:
    state = State(f"sqlite:///{tmp_path}/again.db", METADATA)
    yield Room(desk, state)
    state.close()


def test_other_columns_are_said_with_the_registration(room: Room) -> None:
    room.register("1", "species,mass,year\nAdelie,3700,x\nGentoo,1,y\n")
    _, changed = room.register("2", "species,year,sex\nAdelie,2007,f\nGentoo,2008,m\n")
    assert isinstance(changed, DatasetSchemaChanged)
    assert (changed.ingestion_id, changed.number, changed.before) == ("2", 2, 1)
    assert [(c.name, c.type) for c in changed.difference.added] == [("sex", "string")]
    assert [(c.name, c.type) for c in changed.difference.removed] == [("mass", "integer")]
    assert [(c.name, c.was, c.type) for c in changed.difference.retyped] == [("year", "string", "integer")]


def test_the_same_columns_are_no_change(room: Room) -> None:
    said = [room.register(str(n), data) for n, data in enumerate([CSV, OTHER, OTHER, "mass,species\n1,a\n2,b\n"])]
    assert [len(messages) for messages in said] == [1, 1, 1, 1]


def test_versions_are_compared_by_their_profiles(room: Room) -> None:
    room.register("1", "kind,x\n" + "".join(f"{'ab'[n % 2]},{n}\n" for n in range(1000)))
    room.register("2", "kind,x\n" + "".join(f"{'ab'[n % 2]},{n + 700 if n % 5 else ''}\n" for n in range(1000)))
    compared = room.compare()
    assert (compared.before.number, compared.after.number) == (1, 2)
    moved, still = compared.drifts
    assert (moved.name, moved.drift, moved.missing_before, moved.missing_after) == ("x", "strong", 0, 0.2)
    assert (still.name, still.drift, still.stability) == ("kind", "none", 0)
    assert {drift.drift for drift in room.compare(2, 2).drifts} == {"none"}


def test_what_cannot_be_compared_is_refused_in_words(room: Room) -> None:
    assert room.refused() == "UnknownDataset: There is no dataset penguins."
    room.register("1", CSV)
    assert room.refused() == "NothingBefore: There is no version of penguins before 1 to compare it with."
    assert room.refused(before=1, after=7) == "UnknownVersion: The dataset penguins has no version 7."
    room.register("2", OTHER)
    room.remove("r", 1)
    assert room.refused(before=1, after=2) == "VersionRemoved: Version 1 of penguins was removed on 2026-11-24."


def test_a_removed_version_is_gone_with_its_objects(room: Room) -> None:
    (fact,) = room.register("1", CSV)
    room.register("2", OTHER)
    kept = room.tables() - {fact.data}
    removed = room.remove("r", 1)
    assert isinstance(removed, DatasetVersionRemoved)
    assert set(removed.objects) == {fact.data, fact.profile, "uploads/1"}
    assert removed.removed_bytes > 0
    assert removed.kept_for == ()
    assert room.tables() == kept
    assert room.desk.objects.keys("uploads") == ["uploads/2"]
    assert room.numbers() == [2]


def test_rows_that_another_version_has_stay(room: Room) -> None:
    (fact,) = room.register("1", CSV)
    room.register("2", CSV, name="birds")
    removed = room.remove("r", 1)
    assert removed.objects == ("uploads/1",)
    assert removed.kept_for == (VersionNamed(name="birds", number=1),)
    assert room.tables() == {fact.data}
    last = room.remove("s", 1, name="birds")
    assert set(last.objects) == {fact.data, fact.profile, "uploads/2"}
    assert room.tables() == set()


def test_a_profile_that_another_content_has_too_stays(room: Room) -> None:
    (fact,) = room.register("1", THIRD)
    (turned,) = room.register("2", "species,mass\nGentoo,2\nAdelie,1\n")
    assert (fact.profile, fact.data != turned.data) == (turned.profile, True)
    assert fact.profile not in room.remove("r", 1).objects
    assert room.compare(2, 2).drifts


def test_what_was_removed_can_be_registered_again_under_a_new_number(room: Room) -> None:
    (fact,) = room.register("1", CSV)
    room.remove("r", 1)
    assert room.tables() == set()
    (again,) = room.register("2", CSV)
    assert isinstance(again, DatasetVersionRegistered)
    assert (again.number, again.unchanged, again.version, again.data) == (2, False, fact.version, fact.data)
    assert room.tables() == {fact.data}
    (twice,) = room.register("1", CSV)  # the ingestion that made it is forgotten too
    assert (twice.number, twice.unchanged) == (2, True)


def test_a_version_is_removed_once(room: Room) -> None:
    room.register("1", CSV)
    room.remove("r", 1)
    again = room.remove("s", 1)
    assert isinstance(again, RemovalRefused)
    assert (again.reason, again.cause) == ("VersionRemoved", "Version 1 of penguins was removed on 2026-11-24.")
    assert room.remove("t", 2).reason == "UnknownVersion"
    assert room.remove("u", 1, name="cats").reason == "UnknownDataset"


def test_what_was_said_rebuilds_the_state(room: Room, again: Room) -> None:
    room.register("1", CSV)
    room.register("2", OTHER)
    room.register("3", CSV)
    room.remove("r", 3)
    for fact in [*room.said, *room.said[-1:]]:
        with again.state.transaction() as transaction:
            versions = VersionStore(transaction)
            if isinstance(fact, DatasetVersionRemoved):
                remember_removed(fact, versions)
            elif isinstance(fact, DatasetVersionRegistered):
                remember(fact, versions)
    assert again.numbers() == room.numbers() == [2, 1]
    (third,) = again.register("4", THIRD)
    assert third.number == 4


def test_an_older_version_gets_its_profile_when_it_is_registered_again(room: Room) -> None:
    (fact,) = room.register("1", CSV)
    with room.state.transaction() as transaction:
        VersionStore(transaction).forget(_gone(fact))
        remember(fact.model_copy(update={"profile": None, "ingestion_id": "0"}), VersionStore(transaction))
    assert room.refused(before=1, after=1).startswith("NoProfile: Version 1 of penguins has no profile")
    room.register("5", CSV)
    assert room.compare(1, 1).drifts


def _gone(fact: DatasetVersionRegistered) -> DatasetVersionRemoved:
    return DatasetVersionRemoved(
        removal_id="r",
        name=fact.name,
        number=fact.number,
        version=fact.version,
        objects=(),
        removed_bytes=0,
        kept_for=(),
        removed_at=NOON,
    )
