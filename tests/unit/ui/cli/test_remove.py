from contracts.ids import DatasetVersionId, ExperimentId
from contracts.training import ExperimentStatus, ExperimentSummary
from contracts.versions import DatasetVersionRemoved, VersionNamed
from tests.builders.messages import NOON, VERSION
from ui.cli.remove import removed_told, warned


def an_experiment(number: int, status: ExperimentStatus = "completed") -> ExperimentSummary:
    return ExperimentSummary(
        experiment_id=ExperimentId(f"exp-{number}"),
        dataset="penguins",
        target="species",
        task="classification",
        engine="sklearn",
        status=status,
        candidates=3,
        folds=2,
        fits=6,
        fits_completed=6,
        fits_failed=0,
        model_version_id=None,
        started_at=NOON,
        ended_at=None,
    )


def a_removal(*kept_for: VersionNamed) -> DatasetVersionRemoved:
    return DatasetVersionRemoved(
        removal_id="rem-1",
        name="penguins",
        number=2,
        version=DatasetVersionId(VERSION),
        objects=() if kept_for else ("datasets/a.parquet", "datasets/b.json"),
        removed_bytes=0 if kept_for else 4096,
        kept_for=kept_for,
        removed_at=NOON,
    )


def test_experiments_that_rest_on_a_version_are_told_before_it_goes() -> None:
    assert warned("penguins", 2, []) == "No experiment was made on version 2 of penguins."
    said = warned("penguins", 2, [an_experiment(1), an_experiment(2, "running")])
    assert said.startswith("2 experiments on version 2 of penguins: exp-1, exp-2. ")
    assert said.endswith("Still running, and about to fail: 1.")
    assert "exp-5, …" in warned("penguins", 2, [an_experiment(n) for n in range(1, 9)])


def test_it_is_said_what_went_and_what_stays() -> None:
    assert removed_told(a_removal()) == "Removed version 2 of penguins: 2 objects, 4,096 bytes."
    assert removed_told(a_removal(VersionNamed(name="birds", number=1))).endswith(
        "The rows stay, since they are those of version 1 of birds."
    )
