"""State on a real database file: what commits together, and what does not."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, update

from infra.state import State, StateUnavailable, Transaction

TABLES = MetaData()
COUNTER = Table("counter", TABLES, Column("n", Integer, primary_key=True))


@pytest.fixture
def state(tmp_path: Path) -> State:
    opened = State(f"sqlite:///{tmp_path}/state.db", TABLES)
    with opened.transaction() as transaction:
        transaction.execute(insert(COUNTER).values(n=0))
    return opened


def value(state: State) -> int:
    with state.transaction() as transaction:
        return int(transaction.execute(select(COUNTER.c.n)).scalar_one())


def increase(transaction: Transaction) -> None:
    n = transaction.execute(select(COUNTER.c.n)).scalar_one()
    transaction.execute(update(COUNTER).values(n=n + 1))


def test_an_error_takes_back_what_was_written(state: State) -> None:
    def fail() -> None:
        with state.transaction() as transaction:
            increase(transaction)
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert value(state) == 0


def test_reading_then_writing_is_safe_from_many_threads(state: State) -> None:
    def work() -> None:
        for _ in range(20):
            with state.transaction() as transaction:
                increase(transaction)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(state) == 80


def test_a_transaction_that_only_works_holds_no_lock(state: State) -> None:
    with state.transaction(), state.transaction() as other:
        increase(other)
    assert value(state) == 1


def test_a_database_that_cannot_be_asked_is_unavailable(state: State) -> None:
    broken = Table("nowhere", MetaData(), Column("n", Integer))
    with pytest.raises(StateUnavailable, match="no such table"), state.transaction() as transaction:
        transaction.execute(select(broken))
