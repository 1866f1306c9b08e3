"""Where a worker does one piece of work at a time: it fetches, lets its child fit, and stores what came of it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Timer
from typing import TypeVar

from contracts.evaluation import CandidateRetired
from contracts.ids import CandidateId, ExperimentId
from contracts.training import FitInHand, PerformFit, Plan, RefitCandidate
from contracts.vigil import BEAT
from infra.bus.beating import beating
from infra.objects import ObjectDamaged, ObjectMissing, Stored
from ml.engines.own import is_own
from services.training.worker.cache import DataCache
from services.training.worker.calling import answered
from services.training.worker.errors import Unwanted, WorkImpossible
from services.training.worker.plans import plan_json
from services.training.worker.ports import Announce, Child, ObjectStore
from services.training.worker.wanted import Asked, Ending, Wanted
from services.training.worker.work import FitReport, RefitReport, Work

ReportT = TypeVar("ReportT", FitReport, RefitReport)

_CHILD = "services.training.worker.fitting"
_SET_UP_SECONDS = 1.0
"""About what a child takes until it can fit: rows and plan made ready, PyCaret's experiment set up."""


class Workbench:
    """One worker's hands; ``give_up`` may be called from any thread, the rest from one at a time."""

    def __init__(
        self,
        objects: ObjectStore,
        cache: DataCache,
        child: Child,
        announce: Announce,
        worker: str,
        rest_seconds: float = 60.0,
    ) -> None:
        """Announce in the name of ``worker`` what is in hand; let the child go after ``rest_seconds`` without any."""
        self._objects = objects
        self._cache = cache
        self._child = child
        self._announce = announce
        self._worker = worker
        self._in_child = ""
        self._lock = Lock()
        self._wanted = Wanted()
        self._in_hand: Asked | None = None
        self._rest_seconds = rest_seconds
        self._resting: Timer | None = None

    def fit(self, command: PerformFit) -> tuple[FitReport, Stored]:
        """Fit a candidate on one fold; return the report, and where its predictions lie.

        Raises:
            WorkImpossible: if it cannot be done.
            Unwanted: if the experiment was cancelled, or the candidate retired, before it came to its end.
        """
        with self._held(command, command.fold), tempfile.TemporaryDirectory() as folder:
            predictions = Path(folder) / "predictions.parquet"
            report: FitReport = self._done(
                command, lambda work: self._child.call(f"{_CHILD}.fit", work, command.fold, predictions)
            )
            return report, self._objects.put_file("predictions", predictions, ".parquet")

    def refit(self, command: RefitCandidate) -> tuple[RefitReport, Stored]:
        """Refit a candidate on all rows; return the report, and where its artifact lies; raises as ``fit`` does."""
        with self._held(command, None), tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "model.zip"
            report: RefitReport = self._done(command, lambda work: self._child.call(f"{_CHILD}.refit", work, archive))
            return report, self._objects.put_file("models", archive, ".zip")

    def plan_of(self, command: Asked) -> Plan:
        """Return the plan that a command is about; raise WorkImpossible if it cannot be read."""
        return Plan.model_validate_json(plan_json(self._objects, command.plan_digest))

    def wants(self, command: Asked) -> bool:
        """Return whether anybody still wants the work, as far as was overheard."""
        with self._lock:
            return self._wanted.has(command)

    def give_up(self, ending: Ending) -> None:
        """Do no more of what nobody wants now, and end it if it is in hand.

        A fit whose candidate is retired may go on for as long as another child would take to be set up: most come to
        their end before that.
        """
        with self._lock:
            self._wanted.end(ending)
            in_hand = self._in_hand
            if in_hand is None or self._wanted.has(in_hand):
                return
        if isinstance(ending, CandidateRetired):
            patience = Timer(_SET_UP_SECONDS, self._end, [in_hand])
            patience.daemon = True
            patience.start()
        else:
            self._end(in_hand)

    @contextmanager
    def _held(self, command: Asked, fold: int | None) -> Iterator[None]:
        """Have the work of ``command`` in hand, and give signs of life, while the block runs."""
        self._take_up(command)
        experiment_id, candidate = ExperimentId(command.experiment_id), CandidateId(command.candidate)
        sign = FitInHand(experiment_id=experiment_id, candidate=candidate, fold=fold, worker=self._worker)
        try:
            with beating(self._announce, lambda: sign, BEAT):
                yield
        finally:
            self._put_down()

    def _done(self, command: Asked, call: Callable[[Work], ReportT]) -> ReportT:
        work = self._work(command)
        report = answered(lambda: call(work), lambda: self._check_wanted(command))
        with self._lock:
            if not self._wanted.keeps(command):
                raise Unwanted
        return report

    def _work(self, command: Asked) -> Work:
        planned = plan_json(self._objects, command.plan_digest)
        plan = Plan.model_validate_json(planned)
        wanted = command.plan_digest + (command.experiment_id if any(is_own(it.id) for it in plan.candidates) else "")
        if self._in_child != wanted:
            # PyCaret is not to hold two experiments in one process, and a person's own class is imported for each anew.
            self._child.kill()
            self._in_child = wanted
        try:
            data = self._cache.path_of(plan.data, plan.data_digest)
        except (ObjectMissing, ObjectDamaged) as error:
            raise WorkImpossible(type(error).__name__, str(error)) from error
        return Work(planned, data, command.candidate)

    def _take_up(self, command: Asked) -> None:
        with self._lock:
            if not self._wanted.has(command):
                raise Unwanted
            self._in_hand = command
            if self._resting is not None:
                self._resting.cancel()

    def _put_down(self) -> None:
        with self._lock:
            self._in_hand = None
            self._resting = Timer(self._rest_seconds, self._let_go)
            self._resting.daemon = True
            self._resting.start()

    def _let_go(self) -> None:
        with self._lock:
            if self._in_hand is None:
                self._child.kill()
                self._in_child = ""

    def _end(self, in_vain: Asked) -> None:
        with self._lock:
            if self._in_hand is in_vain:
                self._child.kill()

    def _check_wanted(self, command: Asked) -> None:
        if not self.wants(command):
            raise Unwanted
