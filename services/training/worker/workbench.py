"""Where a worker does one piece of work at a time: it fetches, lets its child fit, and stores what came of it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Lock, Timer
from typing import TypeVar

from contracts.ids import CandidateId, ExperimentId
from contracts.training import FitInHand, PerformFit, Plan, RefitCandidate
from infra.objects import ObjectDamaged, ObjectMissing, Stored
from infra.workers import CallFailed, WorkerDied, WorkerLost
from ml.engines.own import is_own
from services.training.worker.beating import beating
from services.training.worker.cache import DataCache
from services.training.worker.errors import ExperimentOver, WorkImpossible
from services.training.worker.limits import OUT_OF_TIME
from services.training.worker.ports import Announce, Child, ObjectStore
from services.training.worker.work import FitReport, RefitReport, Work

ReportT = TypeVar("ReportT", FitReport, RefitReport)

_CHILD = "services.training.worker.fitting"
_MOST_LOST = 10
"""How many children may be lost with their server until the work itself is taken for the cause."""


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
        self._over: set[ExperimentId] = set()
        self._in_hand: ExperimentId | None = None
        self._rest_seconds = rest_seconds
        self._resting: Timer | None = None

    def fit(self, command: PerformFit) -> tuple[FitReport, Stored]:
        """Fit a candidate on one fold; return the report, and where its predictions lie.

        Raises:
            WorkImpossible: if it cannot be done.
            ExperimentOver: if the experiment was cancelled before or meanwhile.
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

    def plan_of(self, command: PerformFit | RefitCandidate) -> Plan:
        """Return the plan that a command is about; raise WorkImpossible if it cannot be read."""
        return Plan.model_validate_json(self._plan(command.plan_digest))

    def give_up(self, experiment_id: ExperimentId) -> None:
        """Do no more for this experiment, and end what is in hand for it."""
        with self._lock:
            self._over.add(experiment_id)
            in_hand = self._in_hand == experiment_id
        if in_hand:
            self._child.kill()

    @contextmanager
    def _held(self, command: PerformFit | RefitCandidate, fold: int | None) -> Iterator[None]:
        """Have the work of ``command`` in hand, and give signs of life, while the block runs."""
        experiment_id = ExperimentId(command.experiment_id)
        self._take_up(experiment_id)
        candidate = CandidateId(command.candidate)
        sign = FitInHand(experiment_id=experiment_id, candidate=candidate, fold=fold, worker=self._worker)
        try:
            with beating(self._announce, sign):
                yield
        finally:
            self._put_down()

    def _done(self, command: PerformFit | RefitCandidate, call: Callable[[Work], ReportT]) -> ReportT:
        experiment_id = ExperimentId(command.experiment_id)
        try:
            report = self._called(self._work(command), call, experiment_id)
        except CallFailed as failed:
            reason = "OutOfMemory" if failed.error == "MemoryError" else failed.error
            raise WorkImpossible(reason, failed.words) from failed
        except WorkerDied as died:
            self._check_wanted(experiment_id)
            raise _died_of(died) from died
        self._check_wanted(experiment_id)
        return report

    def _called(self, work: Work, call: Callable[[Work], ReportT], experiment_id: ExperimentId) -> ReportT:
        """Return what the child reports; if it was killed, ask another one, once.

        The first may have been killed by anybody. The work of one that dies again, or for want of memory or of time, is
        the cause itself; a child that is lost with its server does not count, as servers are killed and started anew.
        """
        try:
            return self._called_until_heard(work, call, experiment_id)
        except WorkerDied as died:
            self._check_wanted(experiment_id)
            if died.out_of_memory or died.signal == OUT_OF_TIME or isinstance(died, WorkerLost):
                raise
        return self._called_until_heard(work, call, experiment_id)

    def _called_until_heard(self, work: Work, call: Callable[[Work], ReportT], experiment_id: ExperimentId) -> ReportT:
        """Return what the child reports, however often its server is killed meanwhile."""
        for _ in range(_MOST_LOST):
            try:
                return call(work)
            except WorkerLost:
                self._check_wanted(experiment_id)
        return call(work)

    def _work(self, command: PerformFit | RefitCandidate) -> Work:
        plan_json = self._plan(command.plan_digest)
        plan = Plan.model_validate_json(plan_json)
        wanted = command.plan_digest + (command.experiment_id if any(is_own(it.id) for it in plan.candidates) else "")
        if self._in_child != wanted:
            # PyCaret is not to hold two experiments in one process, and a person's own class is imported for each anew.
            self._child.kill()
            self._in_child = wanted
        try:
            data = self._cache.path_of(plan.data, plan.data_digest)
        except (ObjectMissing, ObjectDamaged) as error:
            raise WorkImpossible(type(error).__name__, str(error)) from error
        return Work(plan_json, data, command.candidate)

    def _plan(self, digest: str) -> bytes:
        key = f"plans/{digest}.json"
        try:
            plan = self._objects.read(key)
        except ObjectMissing as error:
            raise WorkImpossible("ObjectMissing", str(error)) from error
        found = sha256(plan).hexdigest()
        if found != digest:
            raise WorkImpossible("ObjectDamaged", str(ObjectDamaged(key, digest, found)))
        return plan

    def _take_up(self, experiment_id: ExperimentId) -> None:
        with self._lock:
            if experiment_id in self._over:
                raise ExperimentOver
            self._in_hand = experiment_id
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

    def _check_wanted(self, experiment_id: ExperimentId) -> None:
        with self._lock:
            if experiment_id in self._over:
                raise ExperimentOver


def _died_of(died: WorkerDied) -> WorkImpossible:
    if died.signal == OUT_OF_TIME:
        return WorkImpossible("OutOfTime", "it took longer than the plan allows a fit")
    return WorkImpossible("OutOfMemory" if died.out_of_memory else "WorkerDied", str(died))
