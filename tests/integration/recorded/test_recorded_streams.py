"""A service that finds the stream of a past version rebuilds its state from it, and answers what that one did.

So it does when the older half of the facts has gone to the archive; and the page shows the same.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client

from contracts.catalog import HEARS, MESSAGES, facts_of
from contracts.evaluation import GetLeaderboard
from contracts.health import AskHealth
from contracts.identities import IDENTITIES
from contracts.message import Message
from contracts.streams import COMMANDS, EVENTS, fact_durable
from infra.bus import Unanswered
from infra.bus.archiving import Archivist
from infra.bus.client import NatsBus
from infra.bus.connection import connect
from infra.bus.recounting import Recounter
from infra.bus.streams import provision
from infra.clock import utc_now
from infra.history.archive import ObjectArchive
from infra.objects.store import open_objects
from infra.service import Service
from infra.settings import StateSettings
from infra.telemetry import Telemetry
from services.evaluation.app import service as evaluation
from services.evaluation.settings import EvaluationSettings
from services.ingest.app import service as ingest
from services.ingest.settings import IngestSettings
from services.scheduler.app import service as scheduler
from services.scheduler.settings import SchedulerSettings
from services.serving.app import service as serving
from services.serving.settings import ServingSettings
from services.training.app import service as training
from services.training.settings import TrainingSettings
from tests.builders.asking import eventually
from tests.builders.nats import NatsServer
from tests.builders.service import running
from tests.recorded.stream import VERSIONS, answers_of, messages_of, put_predictions
from ui.web.projections.world import World

SERVICES: dict[str, tuple[Callable[[Any], Service], type[StateSettings]]] = {
    "ingest": (ingest, IngestSettings),
    "training": (training, TrainingSettings),
    "evaluation": (evaluation, EvaluationSettings),
    "scheduler": (scheduler, SchedulerSettings),
    "serving": (serving, ServingSettings),
}
NOT_FROM_FACTS = {"told", "last"}
"""Fields of an answer that tell how far a webhook is, which no fact says."""


async def replay(client: Client, version: str) -> int:
    """Store a version's stream as it was, every role having acknowledged its facts; return how many messages it has."""
    stream = client.jetstream()
    count = 0
    for message in messages_of(version):
        await stream.publish(message.subject, message.body.encode(), headers=message.headers)
        count += 1
    for role in HEARS:
        if facts_of(role):
            facts = await stream.pull_subscribe_bind(consumer=fact_durable(role), stream=EVENTS)
            while (await facts.consumer_info()).num_pending:
                for raw in await facts.fetch(1):
                    await raw.ack_sync()
            await facts.unsubscribe()
    return count


def of_then(today: Any, then: Any) -> Any:
    """Return what an answer of today says in the fields that an answer had then: later versions may say more."""
    if isinstance(then, dict):
        return {name: of_then(today[name], value) for name, value in then.items() if name not in NOT_FROM_FACTS}
    if isinstance(then, list):
        assert len(today) == len(then)
        return [of_then(*pair) for pair in zip(today, then, strict=True)]
    return today


async def archive_half(client: Client, archive: ObjectArchive) -> int:
    """Take the older half of the facts out of the stream; return how many are left there."""
    facts = [fact async for fact in Recounter(client.jetstream(), ["evt.>"], None).facts(stop_when_idle=True)]
    retired = await Archivist(client, archive, lambda *_: None).archive(facts[len(facts) // 2].time)
    assert retired.facts == len(facts) // 2
    return retired.left


def archive_in(folder: Path) -> ObjectArchive:
    return ObjectArchive(lambda: open_objects(f"file://{folder}/objects"))


async def world_of(client: Client, archive: ObjectArchive) -> list[Any]:
    """Return all that the page shows."""
    world = World()
    async for fact in NatsBus(client, "ui", Telemetry("ui"), archive=archive).facts(stop_when_idle=True):
        world.apply(fact)
    return [world.all_rows(), [race.detail() for race in world.races.values()]]


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_page_shows_the_same_when_half_of_the_facts_are_archived(
    version: str, nats_server: NatsServer, tmp_path: Path
) -> None:
    client = await connect(nats_server.url, None, name="test")
    await replay(client, version)
    shown = await world_of(client, archive_in(tmp_path))
    await archive_half(client, archive_in(tmp_path))
    assert await world_of(client, archive_in(tmp_path)) == shown
    await client.close()


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("role", SERVICES)
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_lost_state_is_rebuilt_from_the_stream_of_a_past_version(
    version: str, role: str, bus: NatsBus, nats_server: NatsServer, tmp_path: Path, *, archived: bool
) -> None:
    client = await connect(nats_server.url, None, name="test")
    messages = await replay(client, version)
    if archived:
        messages = await archive_half(client, archive_in(tmp_path))
    put_predictions(version, tmp_path / "objects")
    build, settings_type = SERVICES[role]
    settings = settings_type(
        nats_url=nats_server.url,
        process=role,
        state_url=f"sqlite:///{tmp_path}/{role}.db",
        objects_url=f"file://{tmp_path}/objects",
    )
    answered = {question.__name__ for question in IDENTITIES[role].answers}
    asked = [recorded for recorded in answers_of(version) if recorded.question in answered]
    assert asked
    # What runs beside tells the outside; here is only asked what the service knows.
    async with running(replace(build(settings), beside=None), settings):
        await eventually(lambda: is_ready(bus, role))
        for recorded in asked:
            question: Any = named(recorded.question).model_validate(recorded.asked)
            answer = (await bus.ask(question)).model_dump(mode="json")
            assert of_then(answer, recorded.answer) == of_then(recorded.answer, recorded.answer)
    streams = {info.config.name: info.state.messages for info in await client.jetstream().streams_info()}
    assert (streams[EVENTS], streams[COMMANDS]) == (messages, 0), "what was said before is not said again"
    await client.close()


async def test_a_role_that_is_new_to_a_stream_reads_what_has_left_it(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    client = await connect(nats_server.url, None, name="test")
    version = VERSIONS[-1]
    await replay(client, version)
    await Archivist(client, archive_in(tmp_path), lambda *_: None).archive(utc_now() + timedelta(days=1))
    await client.jetstream().delete_consumer(EVENTS, fact_durable("evaluation"))
    await provision(nats_server.url)
    put_predictions(version, tmp_path / "objects")
    settings = EvaluationSettings(
        nats_url=nats_server.url, process="evaluation", objects_url=f"file://{tmp_path}/objects"
    )
    boards = [recorded for recorded in answers_of(version) if recorded.question == GetLeaderboard.__name__]
    assert boards
    async with running(evaluation(settings), settings):
        await eventually(lambda: is_ready(bus, "evaluation"))
        for recorded in boards:
            answer = (await bus.ask(GetLeaderboard.model_validate(recorded.asked))).model_dump(mode="json")
            assert of_then(answer, recorded.answer) == of_then(recorded.answer, recorded.answer)
    await client.close()


async def is_ready(bus: NatsBus, role: str) -> bool:
    with suppress(Unanswered):
        return (await bus.ask(AskHealth(process=role))).ready
    return False


def named(name: str) -> type[Message]:
    return next(message for message in MESSAGES if message.__name__ == name)
