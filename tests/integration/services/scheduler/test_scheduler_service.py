"""The scheduler beside training on a real nats-server: a new version starts an experiment, whatever is killed."""

from pathlib import Path

from contracts.scheduler import ListTriggers, SetTrigger, TriggerSet
from contracts.training import ExperimentRefused, ExperimentStarted
from infra.bus.client import NatsBus, connect
from infra.telemetry import Telemetry
from tests.builders import a_column, a_dataset_version, a_template
from tests.builders.asking import eventually
from tests.builders.nats import NatsServer
from tests.builders.racing import race_services

ROLES = ("scheduler", "training")
TRIGGER = SetTrigger(trigger_id="nightly", dataset="penguins", template=a_template())


async def experiments_of(bus: NatsBus, count: int) -> list[str]:
    """Return the versions of the first ``count`` experiments."""
    versions: list[str] = []
    async for fact in bus.facts(ExperimentStarted, ExperimentRefused):
        assert isinstance(fact.message, ExperimentStarted)
        versions.append(fact.message.plan.dataset_version)
        if len(versions) == count:
            break
    return versions


async def test_every_new_version_starts_one_experiment_on_that_version(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    versions = [f"{number:064x}" for number in range(1, 11)]
    async with race_services(ROLES, nats_server.url, tmp_path):
        await bus.order(TRIGGER, TriggerSet)
        for version in versions:
            await bus.publish(a_dataset_version(version=version))
            await bus.publish(a_dataset_version(version=version, unchanged=True))
        assert await experiments_of(bus, 10) == versions


async def test_an_experiment_that_training_refuses_is_told_in_the_list(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    async with race_services(ROLES, nats_server.url, tmp_path):
        await bus.order(TRIGGER, TriggerSet)
        await bus.publish(a_dataset_version(columns=(a_column("mass"),)))

        async def told() -> bool:
            (trigger,) = (await bus.ask(ListTriggers())).triggers
            return trigger.last_refusal == "There is no column 'species' to predict."

        await eventually(told, 20)


async def test_nats_server_killed_in_between_loses_and_doubles_nothing(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    async with race_services(["scheduler"], nats_server.url, tmp_path):
        await bus.order(TRIGGER, TriggerSet)
        await bus.publish(a_dataset_version())
        nats_server.kill()
        nats_server.start()
        # A client that has not noticed yet would only wait; what matters is what the services do.
        later = await connect(nats_server.url, None, "later", Telemetry("later"))
        async with race_services(["training"], nats_server.url, tmp_path):
            assert await experiments_of(later, 1) == [a_dataset_version().version]
    told = [fact async for fact in later.facts(ExperimentStarted, ExperimentRefused, stop_when_idle=True)]
    assert len(told) == 1
    await later.close()
