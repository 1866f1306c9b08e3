"""Commands in, facts out, over real state and real files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.ids import IngestionId
from contracts.ingest import (
    CancelIngestion,
    DatasetRejected,
    DatasetVersionRegistered,
    IngestionCancelled,
    IngestionCancelRefused,
    IngestionInHand,
    ListDatasets,
    RegisterDataset,
)
from contracts.message import Message, Progress
from infra.state import State
from services.ingest.desk import Desk as Hands
from services.ingest.handlers import cancel_ingestion, list_datasets, register_dataset, remember
from services.ingest.store import METADATA, VersionStore
from tests.integration.services.ingest.conftest import Desk

CSV = b"species,mass\nAdelie,3700\nGentoo,NA\n"
OTHER = b"species,mass\nAdelie,3700\nGentoo,5000\n"


class Ingest:
    """The handlers, called as the bus would call them."""

    def __init__(self, desk: Desk, state: State) -> None:
        self.desk = desk
        self.state = state
        self._day = 0
        self.signs: list[Progress] = []
        self.hands = Hands(self.signs.append)

    def clock(self) -> datetime:
        self._day += 1
        return datetime(2026, 11, self._day, tzinfo=UTC)

    def register(self, ingestion_id: str, data: bytes | None, name: str = "penguins", filename: str = "p.csv") -> Any:
        upload = "uploads/nowhere" if data is None else self.desk.upload(data, filename)
        command = RegisterDataset(ingestion_id=ingestion_id, name=name, upload=upload, filename=filename)
        with self.state.transaction() as transaction:
            answer, *_ = register_dataset(command, VersionStore(transaction), self.desk.intake, self.clock, self.hands)
        return answer

    def listed(self) -> list[tuple[str, int, int]]:
        with self.state.transaction() as transaction:
            found = list_datasets(ListDatasets(), VersionStore(transaction)).datasets
        return [(dataset.name, dataset.number, dataset.rows) for dataset in found]


@pytest.fixture
def ingest(desk: Desk, state: State) -> Ingest:
    return Ingest(desk, state)


def test_a_file_becomes_the_first_version(ingest: Ingest) -> None:
    answer = ingest.register("1", CSV)
    assert isinstance(answer, DatasetVersionRegistered)
    assert (answer.ingestion_id, answer.name, answer.number, answer.unchanged, answer.rows) == (
        "1",
        "penguins",
        1,
        False,
        2,
    )
    assert [(c.name, c.type, c.missing, c.distinct) for c in answer.columns] == [
        ("species", "string", 0, 2),
        ("mass", "integer", 1, 1),
    ]
    assert ingest.listed() == [("penguins", 1, 2)]


def test_the_same_content_is_the_same_version(ingest: Ingest) -> None:
    first, second = ingest.register("1", CSV), ingest.register("2", CSV.replace(b",", b";"))
    assert (second.unchanged, second.number, second.version, second.data) == (True, 1, first.version, first.data)
    assert ingest.listed() == [("penguins", 1, 2)]


def test_other_content_is_the_next_version_even_if_it_was_there_before(ingest: Ingest) -> None:
    numbers = [ingest.register(str(n), data).number for n, data in enumerate([CSV, OTHER, CSV])]
    assert numbers == [1, 2, 3]


def test_two_names_may_share_one_file(ingest: Ingest) -> None:
    first, twin = ingest.register("1", CSV), ingest.register("2", CSV, name="birds")
    assert (twin.number, twin.unchanged, twin.data) == (1, False, first.data)
    assert ingest.listed() == [("birds", 1, 2), ("penguins", 1, 2)]


def test_a_repeated_ingestion_gets_the_same_answer(ingest: Ingest) -> None:
    first, other = ingest.register("1", CSV), ingest.register("2", OTHER)
    assert ingest.register("1", OTHER) == first
    assert ingest.register("1", None) == first
    assert ingest.register("2", OTHER) == other
    assert ingest.listed() == [("penguins", 2, 2)]


def test_a_file_that_cannot_be_read_is_answered_with_the_reason(ingest: Ingest) -> None:
    answer = ingest.register("1", b"a,a\n1,2\n3,4\n")
    assert isinstance(answer, DatasetRejected)
    assert (answer.ingestion_id, answer.name, answer.reason) == ("1", "penguins", "DuplicateColumns")
    assert "a, a" in answer.cause
    assert ingest.listed() == []
    assert ingest.desk.objects.keys("datasets") == []


def test_a_refusal_is_repeated_too(ingest: Ingest) -> None:
    refused = ingest.register("1", None)
    assert refused.reason == "UploadMissing"
    assert ingest.register("1", CSV) == refused


def test_numbers_with_a_comma_are_text_and_a_note_says_so(ingest: Ingest) -> None:
    answer = ingest.register("1", b"a;b\n1,5;x\n2;y\n3,25;z\n")
    assert [column.type for column in answer.columns] == ["string", "string"]
    assert [note for note in answer.notes if "comma" in note] == [
        "The column a is text: its numbers have a comma, such as 1,5. "
        "Write a point before the decimals, and nothing between thousands."
    ]


def test_malformed_rows_and_notes_stand_in_the_fact(ingest: Ingest) -> None:
    answer = ingest.register("1", b"a,b\n\xe9,1\nx,2\ny\nz,3\n")
    assert (answer.rows, answer.listed, answer.rejected[0].line) == (3, 1, 4)
    assert "Windows-1252" in answer.notes[0]


def test_what_was_said_rebuilds_the_state(ingest: Ingest, desk: Desk, tmp_path: Path) -> None:
    said = [
        ingest.register("1", CSV),
        ingest.register("2", b""),
        ingest.register("3", CSV),
        ingest.register("4", OTHER),
    ]
    again = Ingest(desk, State(f"sqlite:///{tmp_path}/again.db", METADATA))
    for answer in [*said, *said]:
        with again.state.transaction() as transaction:
            assert remember(answer, VersionStore(transaction)) == []
    assert again.listed() == ingest.listed()
    assert [again.register(str(n), None) for n in (1, 2, 3, 4)] == said
    assert again.register("5", OTHER).number == 2
    again.state.close()


def cancel(ingest: Ingest, ingestion_id: str) -> Message:
    with ingest.state.transaction() as transaction:
        command = CancelIngestion(ingestion_id=ingestion_id)
        (answer,) = cancel_ingestion(command, VersionStore(transaction), ingest.hands, ingest.clock)
    return answer


def in_hand(ingestion_id: str) -> IngestionInHand:
    key = IngestionId(ingestion_id)
    return IngestionInHand(ingestion_id=key, name="penguins", phase="reading", bytes=0, seconds=0.0)


def test_what_was_cancelled_before_its_command_came_back_is_not_read(ingest: Ingest) -> None:
    ingest.hands.hear(in_hand("1"))  # said by the process that was killed
    said = cancel(ingest, "1")
    assert isinstance(said, IngestionCancelled)
    answer = ingest.register("1", CSV)
    assert (answer.reason, ingest.signs, ingest.listed()) == ("Cancelled", [], [])
    assert cancel(ingest, "1") == said


def test_a_cancel_that_comes_after_the_answer_is_refused(ingest: Ingest) -> None:
    ingest.register("1", CSV)
    refused = cancel(ingest, "1")
    assert isinstance(refused, IngestionCancelRefused)
    assert (refused.reason, ingest.listed()) == ("AlreadyAnswered", [("penguins", 1, 2)])


def test_an_ingestion_is_announced_at_once(ingest: Ingest) -> None:
    ingest.register("1", CSV)
    (sign,) = ingest.signs
    assert isinstance(sign, IngestionInHand)
    assert (sign.ingestion_id, sign.name, sign.phase, sign.bytes) == ("1", "penguins", "reading", 0)
