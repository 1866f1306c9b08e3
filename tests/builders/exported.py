"""The file of an experiment, made by hand or altered, for tests of what takes it in."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from contracts.experiment_file import DATA, EVENTS, MANIFEST, PLAN, Manifest
from contracts.message import Event
from contracts.plans import canonical
from contracts.training import ExperimentCompleted, ExperimentStarted
from tests.builders.messages import NOON, a_fit_completed, a_fit_failed, a_plan, an_experiment_started

ROWS = b"rows, as far as the file cares"
PREDICTIONS = b"predictions, as far as the file cares"


def a_told_experiment(**fields: Any) -> tuple[Event, ...]:
    """Return the facts of ``exp-1``, ended, whose plan, rows and predictions are what their digests say.

    ``fields`` are those of its plan.
    """
    digest = sha256(ROWS).hexdigest()
    plan = a_plan(**{"data": f"datasets/{digest}.parquet", "data_digest": digest} | fields)
    plan_digest = sha256(canonical(plan)).hexdigest()
    predictions = f"predictions/{sha256(PREDICTIONS).hexdigest()}.parquet"
    fits = [
        a_fit_failed(candidate.id, fold, plan_digest=plan_digest)
        if candidate.id == "dummy"
        else a_fit_completed(candidate.id, fold, 0.7 + fold / 10, plan_digest=plan_digest, predictions=predictions)
        for fold in range(plan.folds)
        for candidate in plan.candidates
    ]
    return (
        an_experiment_started(plan=plan, plan_digest=plan_digest),
        *fits,
        ExperimentCompleted(experiment_id=fits[0].experiment_id, fits_completed=4, fits_failed=2, completed_at=NOON),
    )


def a_file(facts: Sequence[Event]) -> bytes:
    """Return the file of an experiment of which these ``facts`` are told, the first of them its start."""
    started = facts[0]
    assert isinstance(started, ExperimentStarted)
    lines = [json.dumps({"type": fact.subject, "data": fact.model_dump(mode="json")}) for fact in facts]
    return packed(
        {
            PLAN: canonical(started.plan),
            EVENTS: "\n".join(lines).encode(),
            DATA: ROWS,
            f"predictions/{sha256(PREDICTIONS).hexdigest()}.parquet": PREDICTIONS,
        },
        experiment_id=started.experiment_id,
        plan_digest=started.plan_digest,
    )


def packed(parts: Mapping[str, bytes], experiment_id: str, plan_digest: str) -> bytes:
    """Return a file with these parts, and a manifest that fits them."""
    digests = {name: sha256(content).hexdigest() for name, content in parts.items()}
    manifest = Manifest(experiment_id=experiment_id, plan_digest=plan_digest, sha256=digests)
    return zipped({MANIFEST: manifest.model_dump_json().encode(), **parts})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip file with these parts."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the parts of a zip file."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def damage(file: Path) -> None:
    """Change what a file tells, and leave what its manifest says of it."""
    parts = unzipped(file.read_bytes())
    file.write_bytes(zipped({**parts, EVENTS: parts[EVENTS] + b"\n"}))
