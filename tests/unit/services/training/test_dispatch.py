"""Whatever the order and repetition of outcomes and retirements, each fit that is owed is handed out exactly once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.evaluation import CandidateRetired
from contracts.ids import CandidateId
from contracts.message import Event, Message
from contracts.training import ExperimentCompleted, FitCompleted, FitFailed, PerformFit
from infra.state import State
from services.training import handlers
from services.training.domain.experiment import Experiment
from services.training.domain.fits import fits_of, places_of
from services.training.store import METADATA, ExperimentStore
from tests.builders import a_candidate_retired, a_fit_completed, a_fit_failed, a_plan, an_experiment_started
from tests.builders.messages import EXPERIMENT, NOON

FOLDS = 3
PLAN = a_plan(folds=FOLDS, rule="careful")
STARTED = an_experiment_started(plan=PLAN)
FITS = fits_of(EXPERIMENT, PLAN, STARTED.plan_digest, places_of(PLAN))

fates = st.dictionaries(
    st.sampled_from([candidate.id for candidate in PLAN.candidates]), st.integers(0, FOLDS), max_size=2
)
"""After how many folds each candidate is retired; one at least races on."""


class Race:
    """One experiment in training's hands, and what training has said of it."""

    def __init__(self, experiments: ExperimentStore, ahead: int) -> None:
        self.experiments = experiments
        self.ahead = ahead
        self.out: list[PerformFit] = []
        """Fits that are handed out, in that order."""
        self.done: set[str] = set()
        """Ids of those that have an outcome."""
        self.ends: list[ExperimentCompleted] = []
        experiment = experiments.remember_started(STARTED)
        places = experiment.next_places(ahead)
        experiments.remember_dispatched(EXPERIMENT, len(places))
        self._take_in(experiment.fits_at(places))

    def hear(self, event: Event) -> None:
        """Let training handle an event as the bus does."""
        match event:
            case FitCompleted():
                said = handlers.on_fit_completed(event, self.experiments, self.ahead)
            case FitFailed():
                said = handlers.on_fit_failed(event, self.experiments, self.ahead)
            case CandidateRetired():
                said = handlers.on_candidate_retired(event, self.experiments, self.ahead, lambda: NOON)
            case _:
                raise AssertionError(event)
        if isinstance(event, FitCompleted | FitFailed):
            self.done.add(event.fit_id)
        self._take_in(said)

    def experiment(self) -> Experiment:
        """Return what training knows of it."""
        found = self.experiments.find(EXPERIMENT)
        assert found is not None
        return found

    def waiting(self) -> list[PerformFit]:
        """Return the fits in the hands of workers, or on their way there."""
        return [fit for fit in self.out if fit.fit_id not in self.done]

    def owed(self, fits: Sequence[PerformFit]) -> list[PerformFit]:
        """Return those of ``fits`` that are owed."""
        experiment = self.experiment()
        return [fit for fit in fits if experiment.owes(fit.candidate, fit.fold)]

    def _take_in(self, said: Sequence[Message]) -> None:
        self.out.extend(message for message in said if isinstance(message, PerformFit))
        self.ends.extend(message for message in said if isinstance(message, ExperimentCompleted))


@contextmanager
def a_race(ahead: int) -> Iterator[Race]:
    with State("sqlite://", METADATA).transaction() as transaction:
        yield Race(ExperimentStore(transaction), ahead)


def outcome_of(fit: PerformFit, *, fails: bool) -> FitCompleted | FitFailed:
    made = a_fit_failed if fails else a_fit_completed
    return made(fit.candidate, fit.fold, fit_id=fit.fit_id)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), ahead=st.integers(1, 8), fates=fates)
def test_each_fit_that_is_owed_is_handed_out_once_and_the_experiment_completes_once(
    data: st.DataObject, ahead: int, fates: dict[CandidateId, int]
) -> None:
    with a_race(ahead) as race:
        facts: list[Event] = [a_candidate_retired(candidate, folds) for candidate, folds in fates.items()]
        while not race.ends:
            in_hand = [fit for fit in race.waiting() if data.draw(st.booleans()) or race.owed([fit])]
            outcomes = [outcome_of(fit, fails=data.draw(st.booleans())) for fit in in_hand]
            event = data.draw(st.sampled_from([*facts, *outcomes]))
            for _ in range(data.draw(st.integers(1, 2))):
                race.hear(event)
            facts = [fact for fact in facts if fact != event]
            left = [fit for fit in race.owed(FITS) if fit.fit_id not in race.done]
            assert len(race.owed(race.waiting())) == min(ahead, len(left))
        for event in (*facts, *(outcome_of(fit, fails=False) for fit in race.waiting())):
            race.hear(event)
        out = [fit.fit_id for fit in race.out]
        assert len(out) == len(set(out))
        assert {fit.fit_id for fit in race.owed(FITS)} <= {*out}
        assert len(race.ends) == 1


@settings(max_examples=40, deadline=None)
@given(data=st.data(), ahead=st.integers(1, 8), fates=fates)
def test_a_race_is_the_same_whatever_order_its_facts_are_heard_in(
    data: st.DataObject, ahead: int, fates: dict[CandidateId, int]
) -> None:
    retired = [a_candidate_retired(candidate, folds) for candidate, folds in fates.items()]
    chosen = [fit for fit in FITS if fit.fold < fates.get(fit.candidate, FOLDS) or data.draw(st.booleans())]
    facts = [*(outcome_of(fit, fails=fit.fold == 1) for fit in chosen), *retired]
    one, other = (ended(data.draw(st.permutations(facts)), ahead) for _ in range(2))
    assert one == other
    assert one.has_every_outcome
    assert one.beyond == len(chosen) - one.owed
    assert one.summary(0, NOON).fits == len(chosen)


def ended(facts: Sequence[Event], ahead: int) -> Experiment:
    """Return an experiment once it has heard facts, without what it did meanwhile."""
    with a_race(ahead) as race:
        for fact in facts:
            race.hear(fact)
        return replace(race.experiment(), dispatched=0, ended=None)
