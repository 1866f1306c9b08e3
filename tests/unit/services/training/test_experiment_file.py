from hashlib import sha256

import pytest

from contracts.experiment_file import DATA, EVENTS, MANIFEST, PLAN
from contracts.message import Message
from contracts.training import (
    ExperimentImported,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    ImportExperiment,
    ImportRefused,
    ListExperiments,
    PerformFit,
)
from infra.objects import ObjectMissing, Objects
from infra.objects.store import open_objects
from infra.state import Transaction
from services.training import handlers
from services.training.store import ExperimentStore
from tests.builders.exported import PREDICTIONS, ROWS, a_file, a_told_experiment, packed, unzipped, zipped
from tests.builders.messages import NOON


class Importing:
    """The handler over one real state and one real store, as the bus calls it."""

    def __init__(self, transaction: Transaction) -> None:
        self.experiments = ExperimentStore(transaction)
        self.objects: Objects = open_objects("memory://")

    def take(self, content: bytes, **fields: str) -> list[Message]:
        stored = self.objects.put("uploads", [content])
        command = {"experiment_id": "exp-1", "upload": stored.key, "upload_digest": stored.digest}
        return handlers.import_experiment(
            ImportExperiment(**command | fields), self.experiments, self.objects, lambda: NOON
        )

    def refusal(self, content: bytes, **fields: str) -> str:
        """Return why a file is refused, once nothing of it is kept."""
        (refused,) = self.take(content, **fields)
        assert isinstance(refused, ImportRefused)
        assert self.experiments.all() == []
        assert [key for kind in ("plans", "datasets", "predictions") for key in self.objects.keys(kind)] == []
        return f"{refused.reason}: {refused.cause} {refused.cure}"


@pytest.fixture
def importing(transaction: Transaction) -> Importing:
    return Importing(transaction)


def whole() -> dict[str, bytes]:
    return unzipped(a_file(a_told_experiment()))


def altered(**parts: bytes) -> bytes:
    """Return the file with other parts than its manifest lists."""
    return zipped({**whole(), **{name.replace("_", "."): content for name, content in parts.items()}})


def test_an_experiment_is_told_again_and_what_its_facts_name_is_kept(importing: Importing) -> None:
    told = a_told_experiment()
    *said, imported = importing.take(a_file(told))
    assert said == list(told)
    assert isinstance(imported, ExperimentImported)
    assert not imported.unchanged
    started = told[0]
    assert isinstance(started, ExperimentStarted)
    assert importing.objects.read(started.plan.data) == ROWS
    assert importing.objects.read(f"predictions/{sha256(PREDICTIONS).hexdigest()}.parquet") == PREDICTIONS
    assert importing.objects.read(f"plans/{started.plan_digest}.json") == whole()[PLAN]


def test_it_ended_elsewhere_so_no_fit_is_made_here(importing: Importing) -> None:
    said = importing.take(a_file(a_told_experiment()))
    for fact in said:
        if isinstance(fact, FitCompleted):
            assert handlers.on_fit_completed(fact, importing.experiments, 8) == []
        elif isinstance(fact, FitFailed):
            assert handlers.on_fit_failed(fact, importing.experiments, 8) == []
    (listed,) = handlers.list_experiments(ListExperiments(), importing.experiments, lambda: 0, lambda: NOON).experiments
    assert (listed.status, listed.fits_completed, listed.fits_failed) == ("completed", 4, 2)
    assert not [message for message in said if isinstance(message, PerformFit)]


def test_a_second_time_changes_nothing_and_says_so(importing: Importing) -> None:
    importing.take(a_file(a_told_experiment()))
    (imported,) = importing.take(a_file(a_told_experiment()))
    assert isinstance(imported, ExperimentImported)
    assert imported.unchanged


def test_an_import_that_was_cut_short_is_made_whole(importing: Importing) -> None:
    started, *_ = told = a_told_experiment()
    assert isinstance(started, ExperimentStarted)
    importing.experiments.remember_started(started)
    assert importing.take(a_file(told))[:-1] == list(told)
    assert importing.experiments.all()[0].ended is not None


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "FileDamaged: The file of the experiment is damaged: it is no zip file"),
        (a_file(a_told_experiment())[:-40], "no zip file"),
        (zipped({EVENTS: b""}), "cannot be unpacked"),
        (altered(manifest_json=b"{}"), "its manifest is none that this release reads"),
        (altered(events_jsonl=whole()[EVENTS].replace(b"0.7", b"0.9", 1)), "events.jsonl is not what"),
        (altered(data_parquet=b"other rows"), "data.parquet is not what"),
        (zipped({name: part for name, part in whole().items() if name != DATA}), "other parts than its manifest"),
        (altered(more_txt=b"more"), "other parts than its manifest"),
    ],
)
def test_a_damaged_file_is_refused_whole(importing: Importing, content: bytes, cause: str) -> None:
    refusal = importing.refusal(content)
    assert cause in refusal
    assert "trackside export" in refusal


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({EVENTS: b"no fact\n"}, "line 1 of its facts is no fact"),
        ({EVENTS: b'{"type": 7}\n'}, "line 1 of its facts is no fact"),
        (
            {EVENTS: b'{"type": "evt.training.fit.completed.v1", "data": {}}\n'},
            "fact 1 is none that this release reads",
        ),
        ({EVENTS: b'{"type": "evt.training.fit.completed.v99", "data": {}}\n'}, "fact 1 is none"),
        ({DATA: b"other rows"}, "has not got datasets/"),
        ({PLAN: b"{}"}, "has not got plans/"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_whole(
    importing: Importing, changed: dict[str, bytes], cause: str
) -> None:
    parts = {name: part for name, part in whole().items() if name != MANIFEST}
    started = a_told_experiment()[0]
    assert isinstance(started, ExperimentStarted)
    refusal = importing.refusal(packed({**parts, **changed}, experiment_id="exp-1", plan_digest=started.plan_digest))
    assert refusal.startswith("FileInconsistent")
    assert cause in refusal


def test_a_fact_cannot_name_an_object_of_another_kind(importing: Importing) -> None:
    started, fit, *others = a_told_experiment()
    stranger = fit.model_copy(update={"predictions": f"models/{sha256(PREDICTIONS).hexdigest()}.zip"})
    assert "has not got models/" in importing.refusal(a_file([started, stranger, *others]))


def test_a_file_of_another_experiment_than_the_commands_is_refused(importing: Importing) -> None:
    assert "it is of exp-1, not of exp-2" in importing.refusal(a_file(a_told_experiment()), experiment_id="exp-2")


def test_an_upload_that_is_not_there_is_refused(importing: Importing) -> None:
    assert "FileMissing" in importing.refusal(b"", upload="uploads/none")
    with pytest.raises(ObjectMissing):
        importing.objects.read("uploads/none")


def test_only_uploads_are_taken_for_files(importing: Importing) -> None:
    importing.objects.create("secrets/key", [b"secret"])
    assert "FileMissing" in importing.refusal(b"", upload="secrets/key")


def test_an_upload_that_is_not_what_was_sent_is_refused(importing: Importing) -> None:
    assert "not what was uploaded" in importing.refusal(a_file(a_told_experiment()), upload_digest="9" * 64)
