"""When an experiment counts as interrupted: silence of all workers for 10 seconds, and nothing less."""

from collections.abc import Iterable, Iterator
from random import Random

from contracts.message import Message
from contracts.training import FitInHand
from contracts.vigil import BEAT, SILENCE, Vigil, is_interrupted
from tests.builders import a_dataset_version, a_fit_completed
from tests.builders.messages import CANDIDATES, EXPERIMENT

IN_HAND = FitInHand(experiment_id=EXPERIMENT, candidate=CANDIDATES[0].id, fold=0, worker="training-worker-1")
COMPLETED = a_fit_completed()
HOUR = 3600.0


def signs_of(seconds: float) -> Iterator[tuple[float, Message]]:
    """Yield what a healthy worker says of a fit that lasts so long, by the time since the fit began."""
    for beat in range(int(seconds / BEAT) + 1):
        yield beat * BEAT, IN_HAND
    yield seconds, COMPLETED


def longest_silence(signs: Iterable[tuple[float, Message]], chance: Random) -> float:
    """Return the longest silence that is heard, where each sign may be lost unless the one before it was."""
    vigil, lost, longest = Vigil(0.0), False, 0.0
    for now, sign in signs:
        longest = max(longest, vigil.silent_for(now))
        lost = not lost and chance.random() < 0.5
        if not lost:
            vigil.hear(sign, now)
    return longest


def test_a_thousand_healthy_fits_of_hours_give_no_false_death_though_signs_are_lost() -> None:
    chance = Random(4)
    lengths = [chance.uniform(0.5 * HOUR, 3 * HOUR) for _ in range(1000)]
    silences = [longest_silence(signs_of(seconds), chance) for seconds in lengths]
    deaths = sum(is_interrupted(1, silence, HOUR) for silence in silences)
    hours = sum(lengths) / HOUR
    print(f"1000 fits, {hours:.0f} h, longest silence {max(silences):g} s: {deaths} false deaths")  # noqa: T201
    assert deaths == 0
    assert max(silences) >= 2 * BEAT, "signs were lost"


def test_silence_of_all_workers_interrupts_what_owes_fits_and_has_begun_before_it() -> None:
    assert is_interrupted(owed=1, silent_for=SILENCE, running_for=HOUR)
    assert not is_interrupted(owed=1, silent_for=SILENCE - 0.1, running_for=HOUR)
    assert not is_interrupted(owed=1, silent_for=HOUR, running_for=SILENCE - 0.1)
    assert not is_interrupted(owed=0, silent_for=HOUR, running_for=HOUR)


def test_a_sign_for_another_experiment_counts_and_a_fact_that_no_worker_says_does_not() -> None:
    vigil = Vigil(0.0)
    vigil.hear(IN_HAND.model_copy(update={"experiment_id": "exp-2"}), 100.0)
    vigil.hear(a_dataset_version(), 105.0)
    assert vigil.silent_for(110.0) == 10.0


def test_who_begins_to_listen_counts_from_then() -> None:
    assert Vigil(1000.0).silent_for(1011.0) == 11.0
