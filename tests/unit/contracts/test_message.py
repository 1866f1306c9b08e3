"""What a message accepts, refuses and says of what is wrong with it."""

import pytest

from contracts.errors import MalformedMessage
from contracts.ids import derived
from contracts.training import CancelExperiment, ExperimentRefused, StartExperiment


def test_an_address_is_the_subject_with_the_key() -> None:
    assert CancelExperiment(experiment_id="exp-1").address == "cmd.training.experiment.cancel.v1.exp-1"


@pytest.mark.parametrize("key", ["", "a.b", "*", ">", "a b", "x" * 129])
def test_a_key_that_cannot_stand_in_a_subject_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="experiment_id"):
        CancelExperiment(experiment_id=key)


def test_a_command_refuses_a_field_that_it_does_not_know() -> None:
    with pytest.raises(MalformedMessage, match="folds: Extra inputs are not permitted"):
        CancelExperiment.parse(b'{"experiment_id": "exp-1", "folds": 3}')


def test_a_fact_of_a_later_release_is_understood_without_its_new_fields() -> None:
    said = b'{"experiment_id": "exp-1", "reason": "R", "cause": "C", "cure": "D", "since": "tomorrow"}'
    assert ExperimentRefused.parse(said).cause == "C"


def test_what_is_wrong_is_named_field_by_field_but_never_quoted() -> None:
    with pytest.raises(MalformedMessage) as caught:
        StartExperiment.parse(b'{"dataset": "Secret Value", "template": {"folds": "many"}}')
    assert "dataset: " in caught.value.problem
    assert "experiment_id: Field required" in caught.value.problem
    assert "template.folds: " in caught.value.problem
    assert "Secret Value" not in str(caught.value)


def test_what_is_no_json_is_malformed() -> None:
    with pytest.raises(MalformedMessage, match=r"cmd\.training\.experiment\.cancel\.v1"):
        CancelExperiment.parse(b"\xff")


def test_the_same_parts_give_the_same_id_and_others_another() -> None:
    assert derived("a", 1) == derived("a", 1)
    assert len({derived("a", 1), derived("a", 2), derived("a1"), derived("b", 1)}) == 4
