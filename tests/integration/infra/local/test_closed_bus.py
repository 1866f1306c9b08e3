"""Every identity of the bus against every subject there is: what its contract says goes through, all else is denied."""

import json
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio

from contracts.catalog import HEARS, MESSAGES
from contracts.evaluation import GetLeaderboard
from contracts.health import AskHealth
from contracts.identities import durables_of, identity_of
from contracts.message import Alarm, Message, Progress, armed
from contracts.streams import COMMANDS, DEAD, EVENTS, SCHEDULES
from contracts.training import PerformFit
from infra.bus import NotPermitted
from infra.bus.client import connect
from infra.bus.streams import provision
from infra.local.processes import users
from infra.telemetry import Telemetry
from tests.builders.guarded import Guarded, guarded, settle
from tests.builders.messages import a_fit_completed

USERS = users(2)
DURABLES = [pair for role in HEARS for pair in durables_of(role)]
STREAMS = (EVENTS, COMMANDS, SCHEDULES, DEAD)
KEY = "key-1"


TRIED: Counter[str] = Counter()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("guarded") / "home") as running:
        yield running
    capture = request.config.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        sys.stdout.write(
            f"\n{len(USERS)} keys on the bus: {TRIED['tried']} times a subject was published or subscribed to, "
            f"{TRIED['allowed']} allowed, {TRIED['tried'] - TRIED['allowed']} denied\n"
        )


@pytest_asyncio.fixture(autouse=True)
async def provisioned(server: Guarded) -> AsyncIterator[None]:
    await provision(server.url, server.home.seed("provisioner"))
    yield


async def let_through(server: Guarded, user: str, subjects: list[str]) -> set[str]:
    """Return which of ``subjects`` ``user`` may publish on."""
    denied: list[str] = []
    client = await server.connected(user, denied)
    for subject in subjects:
        await client.publish(subject, b"")
    await settle(client)
    await client.close()
    return noted(subjects, denied)


async def heard(server: Guarded, user: str, subjects: list[str]) -> set[str]:
    """Return which of ``subjects`` ``user`` may subscribe to."""
    denied: list[str] = []
    client = await server.connected(user, denied)
    for subject in subjects:
        await client.subscribe(subject)
    await settle(client)
    await client.close()
    return noted(subjects, denied)


def noted(subjects: list[str], denied: list[str]) -> set[str]:
    """Return the subjects that were not denied, and count them."""
    allowed = {subject for subject in subjects if subject.lower() not in denied}
    TRIED.update(tried=len(subjects), allowed=len(allowed))
    return allowed


def address(message: type[Message]) -> str:
    return f"{message.subject}.{KEY}"


def said(message: type[Message]) -> str:
    """Return where a message is published: an alarm where it waits, since only nats-server makes it ring."""
    return armed(address(message)) if issubclass(message, Alarm) else address(message)


@pytest.mark.parametrize("user", USERS)
async def test_an_identity_publishes_what_it_says_and_asks_and_no_other_message(server: Guarded, user: str) -> None:
    identity = identity_of(user)
    expected = {said(message) for message in (*identity.says, *identity.asks)}
    tried = {address(message) for message in MESSAGES} | {said(message) for message in MESSAGES}
    assert await let_through(server, user, sorted(tried)) == expected


@pytest.mark.parametrize("user", USERS)
async def test_an_identity_hears_the_questions_it_answers_and_what_it_listens_to_and_no_other_subject(
    server: Guarded, user: str
) -> None:
    identity = identity_of(user)
    messages = [message for message in MESSAGES if message is not AskHealth]
    expected = {f"{message.subject}.*" for message in (*identity.listens, *identity.answers)}
    expected -= {f"{AskHealth.subject}.*"}
    wide = [">", "evt.>", "cmd.>", "dead.>", "$JS.>", "$JS.ACK.>", "$SYS.>", "_INBOX.>"]
    assert await heard(server, user, [*(f"{message.subject}.*" for message in messages), *wide]) == expected


@pytest.mark.parametrize("user", USERS)
async def test_nobody_hears_the_answers_or_the_health_questions_of_another(server: Guarded, user: str) -> None:
    inboxes = [f"_INBOX_{other}.>" for other in USERS]
    assert await heard(server, user, inboxes) == {f"_INBOX_{user}.>"}
    asked = [f"{AskHealth.subject}.{other}" for other in USERS]
    own = {f"{AskHealth.subject}.{user}"} if AskHealth in identity_of(user).answers else set()
    assert await heard(server, user, asked) == own


@pytest.mark.parametrize("user", USERS)
async def test_an_identity_takes_from_its_own_durables_only(server: Guarded, user: str) -> None:
    taking = [f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}" for stream, durable in DURABLES]
    acknowledging = [f"$JS.ACK.{stream}.{durable}.1.1.1.1.0" for stream, durable in DURABLES]
    burying = [f"dead.{durable}.{address(MESSAGES[0])}" for _, durable in DURABLES]
    own = identity_of(user).durables
    assert await let_through(server, user, taking) == {
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}" for stream, durable in own
    }
    assert await let_through(server, user, acknowledging) == {
        f"$JS.ACK.{stream}.{durable}.1.1.1.1.0" for stream, durable in own
    }
    assert await let_through(server, user, burying) == {f"dead.{durable}.{address(MESSAGES[0])}" for _, durable in own}


@pytest.mark.parametrize("user", USERS)
async def test_only_the_provisioner_changes_streams_and_durables_and_nobody_deletes_but_who_archives_facts(
    server: Guarded, user: str
) -> None:
    making = [
        *(f"$JS.API.STREAM.{verb}.{stream}" for verb in ("CREATE", "UPDATE") for stream in STREAMS),
        *(f"$JS.API.CONSUMER.CREATE.{stream}.{durable}" for stream, durable in DURABLES),
        *(f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{durable}" for stream, durable in DURABLES),
    ]
    destroying = [
        *(f"$JS.API.STREAM.{verb}.{stream}" for verb in ("DELETE", "PURGE", "MSG.DELETE") for stream in STREAMS),
        *(f"$JS.API.CONSUMER.DELETE.{stream}.{durable}" for stream, durable in DURABLES),
        *(f"$JS.API.CONSUMER.PAUSE.{stream}.{durable}" for stream, durable in DURABLES),
        "$JS.API.ACCOUNT.PURGE.$G", "$SYS.REQ.SERVER.PING", "$JS.API.META.LEADER.STEPDOWN",
    ]  # fmt: skip
    identity = identity_of(user)
    expected = {*making} if identity.provisions else set()
    if identity.archives:
        assert user == "cli"
        expected |= {f"$JS.API.STREAM.PURGE.{EVENTS}"}
    assert await let_through(server, user, [*making, *destroying]) == expected


@pytest.mark.parametrize("user", USERS)
async def test_only_who_inspects_sees_all_durables_and_reads_dead_letters(server: Guarded, user: str) -> None:
    identity = identity_of(user)
    looking = ["$JS.API.STREAM.LIST", f"$JS.API.DIRECT.GET.{DEAD}", "$JS.API.STREAM.NAMES", "$JS.API.INFO"]
    looking += [f"$JS.API.STREAM.MSG.GET.{stream}" for stream in STREAMS]
    looking += [f"$JS.API.CONSUMER.{verb}.{stream}" for verb in ("LIST", "NAMES") for stream in STREAMS]
    infos = {f"$JS.API.CONSUMER.INFO.{stream}.{durable}" for stream, durable in DURABLES}
    own = {f"$JS.API.CONSUMER.INFO.{stream}.{durable}" for stream, durable in identity.durables}
    if identity.inspects:
        expected = {*looking[:2], *infos}
    elif identity.admits:  # its publishers' consumers stand beside the platform's
        expected = {info for info in infos if f".{EVENTS}." in info}
    else:
        expected = infos if identity.provisions else own
    if identity.archives:
        expected |= {f"$JS.API.CONSUMER.LIST.{EVENTS}"}
    assert await let_through(server, user, [*looking, *infos]) == expected


READERS = [user for user in USERS if identity_of(user).follows]


@pytest.mark.parametrize("user", READERS)
async def test_a_reader_cannot_change_a_durable_by_a_name_in_its_request(server: Guarded, user: str) -> None:
    client = await server.connected(user)
    for durable in (durable for stream, durable in DURABLES if stream == EVENTS):
        before = await durable_config(server, durable)
        thief = {**json.loads(before), "filter_subjects": ["evt.no.such.fact.v1.*"]}
        del thief["durable_name"]  # nats-server checks this name against the subject, and ``name`` it does not
        for subject in (CREATE, f"{CREATE}.mine", f"{CREATE}.mine.evt.no.such.fact.v1.*"):
            with suppress(TimeoutError):  # a denied request is not answered
                await client.request(subject, asking(thief), timeout=0.1)
        assert await durable_config(server, durable) == before
    await client.close()


@pytest.mark.parametrize("user", READERS)
async def test_a_reader_cannot_have_facts_delivered_as_commands(server: Guarded, user: str) -> None:
    client = await server.connected(user)
    forged = {"name": "mine", "deliver_subject": f"{PerformFit.subject}.forged", "ack_policy": "none"}
    answer = json.loads((await client.request(f"{CREATE}.mine", asking(forged), timeout=2)).data)
    # nats-server makes such a consumer, but it delivers nothing: a stream is no listener.
    assert not answer.get("push_bound")
    await client.close()


async def test_what_is_denied_is_said_with_the_address_and_not_as_an_absent_server(server: Guarded) -> None:
    bus = await connect(server.url, server.home.seed("ingest"), "ingest", Telemetry("ingest"))
    fact = a_fit_completed()
    with pytest.raises(NotPermitted, match=re.escape(f"does not let ingest publish on {fact.address}")):
        await bus.publish(fact)
    with pytest.raises(NotPermitted, match=r"qry\.evaluation\.leaderboard\.get"):
        await bus.ask(GetLeaderboard(experiment_id=fact.experiment_id), seconds=0.2)
    await bus.close()


CREATE = f"$JS.API.CONSUMER.CREATE.{EVENTS}"


def asking(config: dict[str, Any]) -> bytes:
    return json.dumps({"stream_name": EVENTS, "config": config}).encode()


async def durable_config(server: Guarded, durable: str) -> str:
    provisioner = await server.connected("provisioner")
    answer = await provisioner.request(f"$JS.API.CONSUMER.INFO.{EVENTS}.{durable}", timeout=2)
    await provisioner.close()
    return json.dumps(json.loads(answer.data)["config"])


async def test_progress_is_heard_by_clients_and_by_the_context_that_it_is_of() -> None:
    for sign in (message for message in MESSAGES if issubclass(message, Progress)):
        listeners = {user for user in USERS if sign in identity_of(user).listens}
        assert listeners == {sign.context(), "ui", "cli", "outside"}
