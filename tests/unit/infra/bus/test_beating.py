"""A sign of life, from the moment the work is taken up to the moment it is put down."""

import threading
from queue import Queue

import pytest

from contracts.message import Progress
from contracts.training import FitInHand
from infra.bus.beating import beating
from tests.builders.messages import CANDIDATES, EXPERIMENT

SIGN = FitInHand(experiment_id=EXPERIMENT, candidate=CANDIDATES[0].id, fold=None, worker="training-worker-1")


def test_a_sign_is_said_at_once_and_again_until_the_work_is_put_down() -> None:
    said: Queue[Progress] = Queue()
    with beating(said.put, lambda: SIGN, seconds=0.001):
        assert [said.get(timeout=5) for _ in range(3)] == [SIGN] * 3
    assert beats() == []


def test_a_short_piece_of_work_says_it_once() -> None:
    said: list[Progress] = []
    with beating(said.append, lambda: SIGN, seconds=60):
        assert said == [SIGN]
        assert [thread.daemon for thread in beats()] == [True], "it does not keep a process alive that is to end"
    assert said == [SIGN]


def test_it_stops_when_the_work_fails() -> None:
    with pytest.raises(ZeroDivisionError), beating(lambda _: None, lambda: SIGN, seconds=60):
        raise ZeroDivisionError
    assert beats() == []


def beats() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "beating"]
