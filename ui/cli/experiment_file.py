"""A whole experiment as one file: what was planned, every fact as it stood on the bus, the scores, the rows."""

import csv
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from contracts.evaluation import Leaderboard
from contracts.experiment_file import BOARD, DATA, EVENTS, MANIFEST, PLAN, SCORES, SCORES_TABLE, Manifest
from contracts.message import Event
from contracts.plans import canonical
from contracts.training import ExperimentStarted, FitCompleted, Plan
from infra.bus import Delivered
from infra.objects import Objects
from ui.cli.events import as_told
from ui.cli.output import counted

COLUMNS = ("candidate", "fold", "metric", "score")
_PIECE = 1024 * 1024

EventT = TypeVar("EventT", bound=Event)


@dataclass(frozen=True)
class Story:
    """One experiment, from its facts."""

    experiment_id: str
    facts: Sequence[Delivered]
    """All of them, in the order of the stream."""
    board: Leaderboard

    def said(self, kind: type[EventT]) -> list[EventT]:
        """Return the facts of one kind."""
        return [fact.message for fact in self.facts if isinstance(fact.message, kind)]

    @property
    def started(self) -> ExperimentStarted:
        """Return how it began."""
        return self.said(ExperimentStarted)[0]

    @property
    def plan(self) -> Plan:
        """Return what it was to do."""
        return self.started.plan

    @property
    def size(self) -> str:
        """Return in words how much there is."""
        return f"{counted(len(self.facts), 'fact')} and {counted(len(self.said(FitCompleted)), 'fit')} with its scores"


def scores_of(fits: Iterable[FitCompleted]) -> Iterator[tuple[str, int, str, float | None]]:
    """Yield each score, by the names of ``COLUMNS``."""
    for fit in fits:
        for metric, score in fit.scores.items():
            yield fit.candidate, fit.fold, metric, score


def write_scores(fits: Iterable[FitCompleted], file: Path) -> None:
    """Write the scores as CSV, to the last digit; one that is not defined is empty."""
    file.write_text(_csv(fits), encoding="utf-8")


def write_experiment(story: Story, data: Path, objects: Objects, file: Path) -> None:
    """Write the whole experiment, with the digest of each part in its manifest; the rows lie in ``data``.

    Raises:
        ObjectMissing, ObjectDamaged: if predictions of its fits are not there as their facts say.
    """
    fits = story.said(FitCompleted)
    parts = {
        PLAN: canonical(story.plan),
        EVENTS: "".join(json.dumps(as_told(fact)) + "\n" for fact in story.facts).encode(),
        SCORES: _csv(fits).encode(),
        SCORES_TABLE: _parquet(fits),
        BOARD: story.board.model_dump_json(indent=2).encode(),
    }
    digests = {name: sha256(content).hexdigest() for name, content in parts.items()}
    predictions = {fit.predictions: Path(fit.predictions).stem for fit in fits}
    manifest = Manifest(
        experiment_id=story.experiment_id,
        plan_digest=story.started.plan_digest,
        sha256={**digests, DATA: story.plan.data_digest, **predictions},
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.write(data, DATA, zipfile.ZIP_STORED)  # it is compressed already
        for key, digest in predictions.items():
            _add(archive, objects, key, digest)


def _add(archive: zipfile.ZipFile, objects: Objects, key: str, digest: str) -> None:
    with TemporaryDirectory() as folder:
        found = Path(folder) / "found"
        objects.fetch(key, digest, found)
        archive.write(found, key, zipfile.ZIP_STORED)


def _csv(fits: Iterable[FitCompleted]) -> str:
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(scores_of(fits))
    return text.getvalue()


def _parquet(fits: Iterable[FitCompleted]) -> bytes:
    # Imported here because it costs a quarter of a second, which `--help` need not pay.
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    kinds: tuple[Any, ...] = (pa.string(), pa.int64(), pa.string(), pa.float64())
    schema = pa.schema(list(zip(COLUMNS, kinds, strict=True)))
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in scores_of(fits)]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema), sink)
    return bytes(sink.getvalue().to_pybytes())
