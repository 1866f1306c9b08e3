"""Whatever is killed in mid-race, the race ends by itself: each fit once, and the result of the undisturbed race."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from time import monotonic

import pytest
from mlflow import MlflowClient

from contracts.ingest import DatasetVersionRegistered
from contracts.scheduler import SetTrigger, TriggerFired, TriggerSet
from contracts.training import (
    CandidateRecorded,
    ExperimentRefused,
    ExperimentStarted,
    FitCompleted,
    FitStarted,
    ModelVersionRecorded,
)
from infra.local.layout import Home
from tests.builders.asking import until
from tests.builders.experiments import DATASET, FITS, TEMPLATE, Experiment, outside, started, write_rows
from tests.builders.platform import RunningPlatform, all_gone
from tests.builders.results import Result, of

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file to race on."""
    return write_rows(tmp_path_factory.mktemp("rows") / "shipments.csv")


@pytest.fixture(scope="module")
def quiet(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return what the race comes to when nothing is killed."""

    async def undisturbed() -> Result:
        async with outside(running.ready("ui")) as there, started(there, rows) as race:
            return await race.result()

    running = RunningPlatform.start(tmp_path_factory.mktemp("quiet") / "home")
    try:
        return asyncio.run(undisturbed())
    finally:
        running.end()


@pytest.fixture
def platform(quiet: Result, tmp_path: Path) -> Iterator[RunningPlatform]:
    """Run a platform for one test: a fit is known by what it is, so in one home it is made once."""
    running = RunningPlatform.start(tmp_path / "home")
    yield running
    running.end()


async def test_a_killed_worker(quiet: Result, rows: Path, platform: RunningPlatform) -> None:
    async with outside(platform.ready("ui")) as there, started(there, rows) as race:
        fit = await race.in_hand(fold=2)
        platform.kill(fit.worker)
        assert await race.result() == quiet
        assert race.times_taken_up(fit) == 2
    assert platform.restarts(fit.worker) == 1


async def test_a_worker_killed_with_a_fit_that_it_could_not_tell(
    quiet: Result, rows: Path, platform: RunningPlatform
) -> None:
    async with outside(platform.ready("ui")) as there, started(there, rows) as race:
        fit = await race.in_hand(fold=2)
        platform.kill("nats", SIGSTOP)
        until(lambda: is_written_down(fit, platform.home))
        platform.kill(fit.worker)
        platform.kill("nats")
        assert await race.result() == quiet
        assert race.times_taken_up(fit) == 1


async def test_all_workers_away_is_shown_as_interrupted_and_goes_on_by_itself(
    quiet: Result, rows: Path, platform: RunningPlatform
) -> None:
    async with outside(platform.ready("ui")) as there, started(there, rows) as race:
        await race.in_hand(fold=2)
        workers = [name for name in there.platform.processes if name.startswith("training-worker-")]
        before = monotonic()
        for worker in workers:
            platform.kill(worker, SIGSTOP)
        until(lambda: is_listed_as_interrupted(platform))
        shown = monotonic() - before
        before = monotonic()
        for worker in workers:
            platform.kill(worker, SIGCONT)
        until(lambda: not is_listed_as_interrupted(platform), seconds=60)
        resumed = monotonic() - before
        assert await race.result() == quiet
        ended = monotonic() - before
    print(f"interrupted: shown after {shown:.1f} s, resumed after {resumed:.1f} s, over after {ended:.1f} s")  # noqa: T201
    assert shown < 15
    assert ended < 60


@pytest.mark.parametrize("name", ["training", "evaluation"])
async def test_a_killed_service(quiet: Result, rows: Path, platform: RunningPlatform, name: str) -> None:
    async with outside(platform.ready("ui")) as there, started(there, rows) as race:
        await race.completed(FITS // 2)
        platform.kill(name)
        assert await race.result() == quiet
    assert platform.restarts(name) == 1


async def test_a_killed_nats_server(quiet: Result, rows: Path, platform: RunningPlatform) -> None:
    async with outside(platform.ready("ui")) as there, started(there, rows) as race:
        await race.in_hand(fold=2)
        platform.kill("nats")
        assert await race.result() == quiet
    assert platform.restarts("nats") == 1


async def test_a_killed_supervisor(quiet: Result, rows: Path, platform: RunningPlatform) -> None:
    async with outside(platform.ready("ui")) as there, started(there, rows) as race:
        await race.in_hand(fold=2)
        family = platform.family()
        platform.end()
    all_gone(family)
    again = RunningPlatform.start(platform.home.root)
    try:
        async with outside(again.ready("ui")) as there:
            assert await Experiment(race.id, there).result() == quiet
    finally:
        again.end()


async def test_mlflow_away_from_the_start_to_half_way(quiet: Result, rows: Path, platform: RunningPlatform) -> None:
    platform.kill("mlflow", SIGSTOP)  # it has not come to listen yet, and its supervisor goes on waiting for it
    async with outside(platform.ready("ui")) as there, started(there, rows) as race:
        await race.completed(FITS // 2)
        assert await there.story(race.id, CandidateRecorded) == []
        platform.kill("mlflow")
        assert await race.result() == quiet
        await there.heard(race.id, ModelVersionRecorded)
        fits = of(FitCompleted, await there.story(race.id))
    client = MlflowClient(there.platform.mlflow_url)
    group = client.get_experiment_by_name(f"{DATASET}: {TEMPLATE.target}")
    assert group is not None
    runs = client.search_runs([group.experiment_id])
    assert len(runs) == len(TEMPLATE.candidates or ()) + 1  # and the refit
    recorded = {(run.data.tags["trackside.candidate"], run.info.run_name): run for run in runs}
    for candidate in quiet.standings:
        run = recorded[candidate.candidate, candidate.name]
        assert run.info.status == "FINISHED"
        mine = [fit for fit in fits if fit.candidate == candidate.candidate]
        for metric in mine[0].scores:
            told = {(fit.fold, fit.scores[metric]) for fit in mine if fit.scores[metric] is not None}
            kept = [(each.step, each.value) for each in client.get_metric_history(run.info.run_id, metric)]
            assert len(kept) == len(told)
            assert set(kept) == told


@pytest.mark.parametrize("fired", [False, True], ids=["before it fires", "once it has fired"])
async def test_a_trigger_starts_one_experiment(
    quiet: Result, rows: Path, platform: RunningPlatform, *, fired: bool
) -> None:
    async with outside(platform.ready("ui")) as there:
        await there.bus.order(SetTrigger(trigger_id="nightly", dataset=DATASET, template=TEMPLATE), TriggerSet)
        if not fired:
            platform.kill("scheduler", SIGSTOP)
        await there.register(rows)
        if fired:
            await there.heard("*", TriggerFired)
        platform.kill("nats")
        platform.kill("scheduler")
        await there.heard("*", TriggerFired)
        [told] = of(TriggerFired, await there.story("*"))
        assert await Experiment(told.experiment_id, there).result() == quiet
        [version] = of(DatasetVersionRegistered, await there.story("*"))
        [begun] = of(ExperimentStarted, await there.story("*"))
        assert begun.plan.dataset_version == version.version
        assert of(ExperimentRefused, await there.story("*")) == []


def is_listed_as_interrupted(platform: RunningPlatform) -> bool:
    """Return whether the command line says that the one experiment there is is interrupted."""
    [listed] = platform.json("experiments")["experiments"]
    return bool(listed["interrupted"])


def is_written_down(fit: FitStarted, home: Home) -> bool:
    """Return whether the worker has finished a fit, told or not."""
    written = [FitCompleted.parse(file.read_bytes()) for file in home.objects.glob("fits/*.json")]
    return (fit.candidate, fit.fold) in {(record.candidate, record.fold) for record in written}
