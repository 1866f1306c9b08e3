"""Training on a real nats-server, with a stand-in for the workers."""

from pathlib import Path

import pytest

from contracts.ids import FitId
from contracts.training import (
    CancelExperiment,
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    ExperimentSummary,
    FitCompleted,
    FitFailed,
    ListExperiments,
)
from infra.bus import CommandRefused
from infra.bus.client import NatsBus
from tests.builders import a_candidate_retired, a_dataset_version, a_start_experiment, a_template
from tests.builders.asking import eventually
from tests.builders.nats import NatsServer
from tests.builders.racing import race_services

ROLES = ("training", "training-worker")
THREE = a_template(candidates=("logistic", "tree", "dummy"))


async def the_experiment(bus: NatsBus) -> ExperimentSummary:
    (experiment,) = (await bus.ask(ListExperiments())).experiments
    return experiment


async def test_an_experiment_runs_to_its_end_with_every_fit_once(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    await bus.publish(a_dataset_version())
    async with race_services(ROLES, nats_server.url, tmp_path):
        started = await bus.order(a_start_experiment(template=THREE), ExperimentStarted)
        assert isinstance(started, ExperimentStarted)
        fits: list[FitId] = []
        async for fact in bus.facts(FitCompleted, FitFailed, ExperimentCompleted, key="exp-1"):
            if isinstance(fact.message, ExperimentCompleted):
                assert (fact.message.fits_completed, fact.message.fits_failed) == (4, 2)
                break
            assert isinstance(fact.message, FitCompleted | FitFailed)
            fits.append(fact.message.fit_id)
        assert len(fits) == len(set(fits)) == started.fits == 6
        assert (await the_experiment(bus)).status == "completed"


async def test_a_command_follows_the_facts_that_were_stated_before_it(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    for number in range(1, 101):
        await bus.publish(a_dataset_version(version=f"{number:064x}", number=number))
    command = a_start_experiment(template=THREE, dataset_version=f"{100:064x}")
    async with race_services(["training"], nats_server.url, tmp_path):
        await bus.order(command, ExperimentStarted)


async def test_what_cannot_start_is_refused_on_its_key(bus: NatsBus, nats_server: NatsServer, tmp_path: Path) -> None:
    await bus.publish(a_dataset_version())
    async with race_services(["training"], nats_server.url, tmp_path):
        with pytest.raises(CommandRefused, match="Did you mean 'species'"):
            await bus.order(a_start_experiment(template=a_template(target="specis")), ExperimentStarted)


async def test_a_service_that_comes_back_with_or_without_its_state_finishes_the_race(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    await bus.publish(a_dataset_version())
    async with race_services(["training"], nats_server.url, tmp_path):
        await bus.order(a_start_experiment(template=THREE), ExperimentStarted)
    async with race_services(["training-worker"], nats_server.url, tmp_path):
        async for fact in bus.facts(FitCompleted, FitFailed):
            assert fact.message.key == "exp-1"
            break
    (tmp_path / "training.db").unlink()
    async with race_services(ROLES, nats_server.url, tmp_path):
        async for fact in bus.facts(ExperimentCompleted):
            assert isinstance(fact.message, ExperimentCompleted)
            assert (fact.message.fits_completed, fact.message.fits_failed) == (4, 2)
            break


async def test_a_retired_candidate_s_later_fits_are_never_made_though_the_state_is_lost(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    await bus.publish(a_dataset_version())
    template = a_template(candidates=("logistic", "tree", "dummy"), folds=3, rule="careful")
    async with race_services(["training"], nats_server.url, tmp_path):
        await bus.order(a_start_experiment(template=template), ExperimentStarted)
        await bus.publish(a_candidate_retired("dummy", folds=1))

        async def two_fits_fewer_are_owed() -> bool:
            return (await the_experiment(bus)).fits == 7

        await eventually(two_fits_fewer_are_owed)
    (tmp_path / "training.db").unlink()
    async with race_services(ROLES, nats_server.url, tmp_path):
        async for fact in bus.facts(ExperimentCompleted):
            assert isinstance(fact.message, ExperimentCompleted)
            assert (fact.message.fits_completed, fact.message.fits_failed) == (6, 1)
            break
        made = [fact.message async for fact in bus.facts(FitCompleted, FitFailed, stop_when_idle=True)]
        assert len(made) == (await the_experiment(bus)).fits == 7


async def test_a_cancelled_experiment_makes_no_more_fits(bus: NatsBus, nats_server: NatsServer, tmp_path: Path) -> None:
    await bus.publish(a_dataset_version())
    async with race_services(["training"], nats_server.url, tmp_path):
        await bus.order(a_start_experiment(template=THREE), ExperimentStarted)
        await bus.order(CancelExperiment(experiment_id="exp-1"), ExperimentCancelled)
        async with race_services(["training-worker"], nats_server.url, tmp_path):

            async def both_that_were_handed_out_are_counted() -> bool:
                return (await the_experiment(bus)).fits_completed == 2

            await eventually(both_that_were_handed_out_are_counted)
        assert (await the_experiment(bus)).status == "cancelled"
        told = [fact.message async for fact in bus.facts(FitCompleted, FitFailed, stop_when_idle=True)]
        assert len(told) == 2
