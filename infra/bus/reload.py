"""Has nats-server read its configuration again, each one of a cluster."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

from infra.bus import BusUnavailable

_PING = "$SYS.REQ.SERVER.PING"
_SECONDS = 2.0


async def reload_everywhere(system: Client) -> int:
    """Have every server of the cluster read its configuration again, and return how many did.

    ``system`` is a connection to the system account. A server that is away reads the file when it starts.

    Raises:
        BusUnavailable: if none answers, or one does not take what it reads.
    """
    names = await _servers(system)
    async with asyncio.TaskGroup() as reloading:
        for name in names:
            reloading.create_task(_reload(system, name))
    return len(names)


async def _servers(system: Client) -> set[str]:
    """Return the ids of the servers that answer: as many as the first of them knows of, or all within some seconds."""
    answers: asyncio.Queue[Msg] = asyncio.Queue()
    inbox = system.new_inbox()
    heard = await system.subscribe(inbox, cb=answers.put)
    names: set[str] = set()
    try:
        await system.publish(_PING, reply=inbox)
        async with asyncio.timeout(_SECONDS):
            told = json.loads((await answers.get()).data)
            names.add(told["server"]["id"])
            while len(names) < _known(told["statsz"].get("routes", ())):
                names.add(json.loads((await answers.get()).data)["server"]["id"])
    except TimeoutError:
        if not names:
            raise BusUnavailable("no nats-server answers on the system account") from None
    finally:
        await heard.unsubscribe()
    return names


def _known(routes: Iterable[dict[str, Any]]) -> int:
    """Return how many servers one knows, itself included: it has several routes to each other one."""
    return 1 + len({route["name"] for route in routes})


async def _reload(system: Client, name: str) -> None:
    try:
        answer = await system.request(f"$SYS.REQ.SERVER.{name}.RELOAD", timeout=_SECONDS)
    except TimeoutError:
        raise BusUnavailable(f"nats-server {name} did not read its users again in time") from None
    if problem := json.loads(answer.data).get("error"):
        raise BusUnavailable(f"nats-server does not take the list of users: {problem.get('description')}")
