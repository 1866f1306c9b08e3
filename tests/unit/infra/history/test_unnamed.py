from infra.history.unnamed import Suspects, can_be_named
from infra.objects import Listed
from tests.unit.infra.history.test_leaving import NOW

DIGEST = "0123456789abcdef" * 4


def suspects(*keys: str) -> Suspects:
    return Suspects(Listed(key, 1, NOW) for key in keys)


def left(found: Suspects) -> list[str]:
    return [each.key for each in found.left()]


def test_an_object_is_named_by_its_key_and_by_its_digest() -> None:
    for text in (f'{{"data":"datasets/{DIGEST}.parquet"}}', f'{{"digest":"{DIGEST}"}}'):
        found = suspects(f"datasets/{DIGEST}.parquet")
        found.hear(text.encode())
        assert left(found) == []


def test_another_digest_names_nothing() -> None:
    found = suspects(f"datasets/{DIGEST}.parquet")
    found.hear(f'{{"digest":"{DIGEST}0","other":"{DIGEST[1:]}"}}'.encode())
    assert left(found) == [f"datasets/{DIGEST}.parquet"]


def test_an_upload_is_named_by_its_whole_key_only() -> None:
    found = suspects("uploads/ing-1", "uploads/ing-2/file.csv")
    found.hear(b'{"ingestion_id":"ing-1","upload":"uploads/ing-2/file.csv"}')
    assert left(found) == ["uploads/ing-1"]


def test_what_a_fact_could_name_in_a_way_that_is_not_seen_is_no_suspect() -> None:
    assert not can_be_named("datasets/short.parquet")
    assert can_be_named(f"models/{DIGEST}.zip")
    assert can_be_named("fits/fit-123e4567-e89b-12d3-a456-426614174000.json")


def test_what_was_removed_is_not_what_facts_named_last() -> None:
    found, other = suspects(), DIGEST[::-1]
    for digest in (DIGEST, other):
        found.hear_fact(f'{{"data":"datasets/{digest}.parquet"}}'.encode())
    assert found.last_named == {b"datasets": f"datasets/{other}.parquet"}
    found.hear_removed(f'{{"objects":["datasets/{other}.parquet"]}}'.encode())
    found.hear_fact(f'{{"plan":"datasets/{other}.parquet"}}'.encode())
    assert found.last_named == {b"datasets": f"datasets/{DIGEST}.parquet"}
    found.hear_removed(f'{{"objects":["datasets/{DIGEST}.parquet"]}}'.encode())
    assert found.last_named == {}
