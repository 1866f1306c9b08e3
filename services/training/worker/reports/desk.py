"""Where a worker looks into what was made: it fetches, lets a child of its own look, and stores what that found."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from contracts.asked import AskedRows, key_of
from contracts.ids import Digest
from contracts.reports import ReportTable
from contracts.training import FitCompleted, FitInHand, ModelVersionCreated, Plan
from contracts.vigil import BEAT
from infra.bus.beating import beating
from infra.objects import ObjectDamaged, ObjectMissing
from services.training.domain.report_errors import EvidenceDamaged, EvidenceMissing, PredictionUnknown, RowsUnfit
from services.training.worker.cache import DataCache
from services.training.worker.calling import answered
from services.training.worker.errors import WorkImpossible
from services.training.worker.plans import plan_json
from services.training.worker.ports import Announce, Child, ObjectStore
from services.training.worker.reports.papers import Findings, Fold, Papers

_ROOM = "services.training.worker.reports"
_PREFIX = "reports"


@dataclass(frozen=True)
class Found:
    """What is known of a model version now."""

    rows: int
    """Rows that are reported, or explained."""
    tables: tuple[ReportTable, ...]
    notes: tuple[str, ...]
    """What their reader should know, one sentence each."""


class Desk:
    """Looks into one model version at a time. Its child is not the workbench's: neither has to wait, or to end."""

    def __init__(self, objects: ObjectStore, cache: DataCache, child: Child, announce: Announce, worker: str) -> None:
        """Announce in the name of ``worker`` what is in hand."""
        self._objects = objects
        self._cache = cache
        self._child = child
        self._announce = announce
        self._worker = worker

    def plan_of(self, version: ModelVersionCreated) -> Plan:
        """Return the plan of a model version; raise EvidenceMissing or EvidenceDamaged if it cannot be read."""
        return Plan.model_validate_json(self._plan(version))

    def asked(self, prediction_id: str) -> AskedRows:
        """Return what was asked; raise PredictionUnknown if it was not kept, RowsUnfit if it is unreadable."""
        try:
            return AskedRows.model_validate_json(self._objects.read(key_of(prediction_id)))
        except ObjectMissing:
            raise PredictionUnknown(prediction_id) from None
        except ValidationError:
            raise RowsUnfit(prediction_id, "it cannot be read") from None

    def report(
        self, version: ModelVersionCreated, fits: Sequence[FitCompleted], rivals: Sequence[Sequence[FitCompleted]] = ()
    ) -> Found:
        """Find out what a model version is worth, by the fits of its candidate, and of its rivals over all folds.

        Raises:
            EvidenceMissing, EvidenceDamaged: if the object store lacks something that is needed.
            WorkImpossible: if the tables cannot be made.
        """
        with self._looking(version) as folder:
            papers = self._papers(version, folder, fits, rivals)
            return self._found(lambda sheets: self._child.call(f"{_ROOM}.reporting.report", papers, sheets), folder)

    def explain(self, version: ModelVersionCreated, question: AskedRows) -> Found:
        """Find out what the answers to a question rest on; raises as ``report`` does."""
        with self._looking(version) as folder:
            papers = self._papers(version, folder)
            return self._found(
                lambda sheets: self._child.call(f"{_ROOM}.explaining.explain", papers, question, sheets), folder
            )

    @contextmanager
    def _looking(self, version: ModelVersionCreated) -> Iterator[Path]:
        """Have a folder, give signs of life while the block runs, and end the child after it."""
        sign = FitInHand(
            experiment_id=version.experiment_id, candidate=version.candidate.id, fold=None, worker=self._worker
        )
        with (
            beating(self._announce, lambda: sign, BEAT),
            tempfile.TemporaryDirectory(prefix="trackside-report-") as folder,
        ):
            try:
                yield Path(folder)
            finally:
                self._child.kill()

    def _found(self, call: Callable[[Path], Findings], folder: Path) -> Found:
        sheets = folder / "sheets"
        sheets.mkdir()
        findings: Findings = answered(lambda: call(sheets))
        tables = tuple(self._stored(sheet.name, sheet.path, sheet.rows) for sheet in findings.sheets)
        return Found(findings.rows, tables, findings.notes)

    def _stored(self, name: str, path: Path, rows: int) -> ReportTable:
        stored = self._objects.put_file(_PREFIX, path, ".parquet")
        return ReportTable(name=name, key=stored.key, digest=stored.digest, rows=rows)

    def _papers(
        self,
        version: ModelVersionCreated,
        folder: Path,
        fits: Sequence[FitCompleted] = (),
        rivals: Sequence[Sequence[FitCompleted]] = (),
    ) -> Papers:
        planned = self._plan(version)
        plan = Plan.model_validate_json(planned)
        archive = folder / "artifact.zip"
        with _whole("The artifact"):
            self._objects.fetch(version.artifact, version.artifact_digest, archive)
        with _whole("The dataset version"):
            data = self._cache.path_of(plan.data, plan.data_digest)
        return Papers(
            plan=planned,
            data=data,
            archive=archive,
            candidate=version.candidate.id,
            folds=tuple(self._fold(fit, folder) for fit in fits),
            rivals=tuple(tuple(self._fold(fit, folder).predictions for fit in each) for each in rivals),
        )

    def _fold(self, fit: FitCompleted, folder: Path) -> Fold:
        path = folder / f"{_digest_in(fit.predictions)}.parquet"
        with _whole(f"What {fit.candidate} predicted on fold {fit.fold}"):
            self._objects.fetch(fit.predictions, _digest_in(fit.predictions), path)
        return Fold(fit.fold, path, fit.scores, fit.fit_seconds + fit.score_seconds)

    def _plan(self, version: ModelVersionCreated) -> bytes:
        key = f"plans/{version.plan_digest}.json"
        try:
            return plan_json(self._objects, version.plan_digest)
        except WorkImpossible as impossible:
            if impossible.reason == "ObjectMissing":
                raise EvidenceMissing("The plan", key) from None
            raise EvidenceDamaged("The plan", key, impossible.detail) from None


@contextmanager
def _whole(what: str) -> Iterator[None]:
    """Say of an object that is gone or damaged what it was."""
    try:
        yield
    except ObjectMissing as error:
        raise EvidenceMissing(what, error.key) from None
    except ObjectDamaged as error:
        raise EvidenceDamaged(what, error.key, f"its digest is {error.found}, and was {error.expected}") from None


def _digest_in(key: str) -> Digest:
    """Return the digest by which an object is named."""
    return Path(key).stem
