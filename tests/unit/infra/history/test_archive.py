from pathlib import Path

import pytest

from infra.history import HistoryDamaged, HistoryMissing, KeptFact, Part
from infra.history.archive import ObjectArchive
from infra.history.contents import Contents, may_hold
from infra.history.part import PartWriter, facts_in
from infra.history.subjects import matching
from infra.objects import Objects
from infra.objects.store import open_objects
from tests.unit.infra.history.test_leaving import NOW

EVERYTHING = ("evt.>",)


def facts(first: int, last: int) -> list[KeptFact]:
    return [KeptFact(n, f"evt.a.b.c.v1.k{n % 3}", {"ce-id": f"é {n}"}, b"\x00{}", NOW) for n in range(first, last + 1)]


def a_file(path: Path, told: list[KeptFact]) -> Path:
    with PartWriter(path) as writer:
        for fact in told:
            writer.add(fact)
    return path


@pytest.fixture
def objects() -> Objects:
    return open_objects("memory://")


def entered(archive: ObjectArchive, path: Path, first: int, last: int) -> Part:
    key, digest, size = archive.store(a_file(path, facts(first, last)))
    number = last - first + 1
    contents = Contents()
    for fact in facts(first, last):
        contents.add(fact.subject)
    part = Part(
        first=first, last=last, facts=number, fact_bytes=1, key=key, digest=digest, size=size,
        stems=contents.stems(), keys=contents.keys(),
    )  # fmt: skip
    return archive.enter(part)


def flat(archive: ObjectArchive, after: int, before: int, subjects: tuple[str, ...] = EVERYTHING) -> list[KeptFact]:
    return [fact for group in archive.facts(subjects, after, before) for fact in group]


def test_facts_come_back_as_they_were(tmp_path: Path) -> None:
    told = facts(1, 2500)
    content = a_file(tmp_path / "part", told).read_bytes()
    groups = list(facts_in(content, EVERYTHING, 0, 2501))
    assert [fact for group in groups for fact in group] == told
    assert max(map(len, groups)) < len(told), "they are not held all at once"


def test_the_same_facts_make_the_same_file(tmp_path: Path) -> None:
    assert a_file(tmp_path / "1", facts(1, 9)).read_bytes() == a_file(tmp_path / "2", facts(1, 9)).read_bytes()


def test_only_what_is_asked_for_is_read(tmp_path: Path, objects: Objects) -> None:
    archive = ObjectArchive(lambda: objects)
    entered(archive, tmp_path / "part", 1, 9)
    entered(archive, tmp_path / "part", 10, 20)
    assert flat(archive, 0, 21) == facts(1, 20)
    assert flat(archive, 7, 13) == facts(8, 12)
    assert [fact.sequence for fact in flat(archive, 0, 21, ("evt.*.*.*.*.k1", "evt.x.>"))] == [1, 4, 7, 10, 13, 16, 19]


def test_a_place_in_the_index_is_taken_once(tmp_path: Path, objects: Objects) -> None:
    first = entered(ObjectArchive(lambda: objects), tmp_path / "part", 1, 9)
    assert entered(ObjectArchive(lambda: objects), tmp_path / "part", 1, 12) == first


def test_what_the_archive_does_not_have_is_named(tmp_path: Path, objects: Objects) -> None:
    archive = ObjectArchive(lambda: objects)
    entered(archive, tmp_path / "part", 3, 9)
    with pytest.raises(HistoryMissing, match="facts 1 to 2 "):
        flat(archive, 0, 10)
    with pytest.raises(HistoryMissing, match="facts 10 to 11 "):
        flat(archive, 2, 12)
    entered(archive, tmp_path / "part", 12, 14)
    with pytest.raises(HistoryMissing, match="facts 10 to 11 "):
        archive.parts()


def test_an_entry_that_cannot_be_read_is_named(objects: Objects) -> None:
    key = f"history/index/{1:020}.json"
    objects.create(key, [b"{"])
    with pytest.raises(HistoryDamaged, match=key):
        ObjectArchive(lambda: objects).parts()


def test_nothing_is_opened_before_it_is_needed() -> None:
    def opened() -> Objects:
        raise AssertionError

    ObjectArchive(opened)


def test_a_part_without_what_is_asked_for_is_not_read(tmp_path: Path, objects: Objects) -> None:
    archive = ObjectArchive(lambda: objects)
    part = entered(archive, tmp_path / "part", 1, 2)
    held = ["evt.>", "evt.*.*.*.*.k1", "evt.a.b.c.v1.*", "evt.a.b.c.v1.k2"]
    not_held = ["evt.*.*.*.*.k0", "evt.a.b.d.v1.*", "evt.a.b.d.v1.k1", "cmd.a.b.c.v1.k1"]
    assert [may_hold(part, [subject]) for subject in held + not_held] == [True] * 4 + [False] * 4
    objects.delete(part.key)
    assert flat(archive, 0, 3, ("evt.*.*.*.*.k0",)) == []
    with pytest.raises(HistoryMissing):
        flat(archive, 0, 3, ("evt.*.*.*.*.k0", "evt.*.*.*.*.k1"))


def test_a_pattern_matches_what_nats_lets_through() -> None:
    pattern = matching(["evt.a.*.c", "evt.b.>"])
    through = ["evt.a.b.c", "evt.b.x", "evt.b.x.y"]
    held = ["evt.a.b.c.d", "evt.a.c", "evt.b", "evtXa.b.c"]
    assert [bool(pattern.fullmatch(subject)) for subject in through + held] == [True] * 3 + [False] * 4
