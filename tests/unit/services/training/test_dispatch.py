"""Whatever the order and repetition of outcomes, each fit is handed out exactly once."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.message import Message
from contracts.training import ExperimentCompleted, PerformFit
from infra.state import State
from services.training import handlers
from services.training.store import METADATA, ExperimentStore
from tests.builders import a_fit_completed, a_fit_failed, an_experiment_started


def outcome_of(fit: PerformFit, experiments: ExperimentStore, ahead: int, *, fails: bool) -> list[Message]:
    if fails:
        return handlers.on_fit_failed(a_fit_failed(fit.candidate, fit.fold, fit_id=fit.fit_id), experiments, ahead)
    completed = a_fit_completed(fit.candidate, fit.fold, fit_id=fit.fit_id)
    return handlers.on_fit_completed(completed, experiments, ahead)


@given(data=st.data(), ahead=st.integers(1, 8))
def test_each_fit_is_handed_out_once_and_the_experiment_completes_once(data: st.DataObject, ahead: int) -> None:
    with State("sqlite://", METADATA).transaction() as transaction:
        experiments = ExperimentStore(transaction)
        experiment = experiments.remember_started(an_experiment_started())
        said: list[Message] = list(experiment.next_fits(ahead))
        experiments.remember_dispatched(experiment.id, len(said))
        done: set[str] = set()
        while waiting := [fit for fit in said if isinstance(fit, PerformFit) and fit.fit_id not in done]:
            assert len(waiting) <= ahead
            fit = data.draw(st.sampled_from(waiting))
            done.add(fit.fit_id)
            for _ in range(data.draw(st.integers(1, 3))):
                said.extend(outcome_of(fit, experiments, ahead, fails=data.draw(st.booleans())))
    assert sum(isinstance(message, PerformFit) for message in said) == len(done) == 6
    assert sum(isinstance(message, ExperimentCompleted) for message in said) == 1
