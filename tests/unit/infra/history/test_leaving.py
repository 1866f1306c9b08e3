from datetime import UTC, datetime, timedelta

from infra.history import KeptFact
from infra.history.leaving import Ear, Leaving

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def a_fact(sequence: int, subject: str = "evt.a.b.c.v1.k", age: int = 2) -> KeptFact:
    return KeptFact(sequence, subject, {"ce-id": "1"}, b"{}", NOW - timedelta(days=age))


def test_what_everybody_has_acknowledged_may_leave() -> None:
    leaving = Leaving(NOW, [Ear("one", ("evt.a.>",), 2), Ear("two", (), 3)])
    assert [leaving.may_leave(a_fact(sequence)) for sequence in (1, 2)] == [True, True]
    assert (leaving.free, leaving.free_bytes, leaving.held) == (2, 2 * a_fact(1).size, 0)


def test_once_one_has_to_wait_all_behind_it_have_to() -> None:
    leaving = Leaving(NOW, [Ear("one", ("evt.a.>",), 0)])
    assert leaving.may_leave(a_fact(1, "evt.other.b.c.v1.k"))
    assert not leaving.may_leave(a_fact(2))
    assert not leaving.may_leave(a_fact(3, "evt.other.b.c.v1.k"))
    assert (leaving.free, leaving.held, leaving.waits_for) == (1, 2, {"one": 1})


def test_who_hears_everything_is_waited_for_by_every_fact() -> None:
    leaving = Leaving(NOW, [Ear("all", (), 0)])
    assert not leaving.may_leave(a_fact(1))


def test_a_fact_is_young_that_was_stored_behind_the_limit() -> None:
    leaving = Leaving(NOW - timedelta(days=1), [])
    assert (leaving.is_young(a_fact(1, age=2)), leaving.is_young(a_fact(1, age=1))) == (False, True)
