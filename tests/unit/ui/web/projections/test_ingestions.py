"""What the page knows of what is in hand."""

from typing import Any

from contracts.ids import IngestionId
from contracts.ingest import DatasetRejected, IngestionInHand, SourceRead
from tests.builders import a_dataset_version
from tests.builders.bus import told
from tests.builders.messages import NOON
from ui.web.projections.ingestions import FORGOTTEN, Ingestions
from ui.web.projections.rows import milliseconds
from ui.web.projections.world import World

ONE = IngestionId("ing-1")


def a_sign(seconds: float, read: int, **fields: Any) -> IngestionInHand:
    known = {"phase": "reading", "total_bytes": 1000}
    return IngestionInHand(ingestion_id=ONE, name="penguins", bytes=read, seconds=seconds, **{**known, **fields})


def in_hand(*signs: IngestionInHand) -> dict[str, Any]:
    ingestions = Ingestions()
    for sign in signs:
        ingestions.hear(sign, 0)
    return ingestions.row(ONE)


def test_the_rate_and_the_time_left_follow_from_the_latest_signs() -> None:
    row = in_hand(a_sign(0, 0), a_sign(1, 100), a_sign(2, 200))
    assert (row["rate"], row["left"], row["total"]) == (100.0, 8.0, 1000)


def test_nothing_is_guessed_from_one_sign_nor_without_a_total_nor_beyond_reading() -> None:
    assert (in_hand(a_sign(1, 100))["rate"], in_hand(a_sign(1, 100))["left"]) == (None, None)
    assert in_hand(a_sign(0, 0, total_bytes=None), a_sign(1, 100, total_bytes=None))["left"] is None
    assert in_hand(a_sign(0, 0), a_sign(1, 1000, phase="typing"))["left"] is None


def test_what_is_taken_up_anew_has_no_rate_from_before() -> None:
    row = in_hand(a_sign(8, 900), a_sign(0.1, 0), a_sign(1.1, 50))
    assert row["rate"] == 50.0


def test_what_is_answered_is_in_hand_no_more() -> None:
    rejected = DatasetRejected(ingestion_id=ONE, name="penguins", reason="Cancelled", cause="c", cure="d")
    for answer in (a_dataset_version(ingestion_id=ONE), rejected):
        world = World()
        world.apply(told(a_sign(1, 100), 0, NOON))
        assert [row["id"] for row in world.all_rows()["ingestions"]] == [ONE]
        world.take_changes()
        world.apply(told(answer, 1, NOON))
        assert world.take_changes()[0]["ingestions"] == [{"id": ONE, "over": True}]
        assert world.all_rows()["ingestions"] == []


def test_what_is_not_heard_of_for_long_is_forgotten() -> None:
    world = World()
    world.apply(told(a_sign(1, 100), 0, NOON))
    assert world.look(0, milliseconds(NOON) + FORGOTTEN) is False
    assert world.look(0, milliseconds(NOON) + FORGOTTEN + 1) is True
    assert world.all_rows()["ingestions"] == []


def test_each_version_keeps_where_it_came_from() -> None:
    world = World()
    read = SourceRead(kind="s3", where="s3://field-station/", files=3, new=1, lineage={"commit": "4f1c"})
    world.apply(told(a_dataset_version(), 1))
    world.apply(told(a_dataset_version(number=2, source=read), 2))
    world.apply(told(a_dataset_version(number=2, unchanged=True), 3))
    (row,) = world.all_rows()["datasets"]
    assert [(version["number"], version["source"]) for version in row["versions"]] == [(2, None), (1, None)]
    world.apply(told(a_dataset_version(number=3, source=read), 4))
    (row,) = world.all_rows()["datasets"]
    assert row["versions"][0]["source"] == {
        "kind": "s3", "where": "s3://field-station/", "files": 3, "new": 1, "lineage": {"commit": "4f1c"},
    }  # fmt: skip
