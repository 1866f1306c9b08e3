"""Answering questions: core NATS request and reply, any process of the role."""

import asyncio
from time import perf_counter
from typing import Literal

from nats.aio.client import Client
from nats.aio.msg import Msg

from contracts.catalog import name_of
from contracts.errors import MalformedMessage, Refusal, Unavailable
from contracts.message import Query, QueryRefused, Value
from infra.bus import Handler
from infra.bus.client import REFUSED, delivered
from infra.logs import logger
from infra.metrics import QUESTION_DURATION, QUESTIONS
from infra.state import State
from infra.telemetry import Telemetry

log = logger(__name__)

Outcome = Literal["answered", "refused", "failed"]


class Answerer:
    """Answers one kind of question."""

    def __init__(self, handler: Handler, role: str, state: State | None, telemetry: Telemetry) -> None:
        self._handler = handler
        self._role = role
        self._state = state
        self._telemetry = telemetry

    async def listen(self, client: Client, kind: type[Query[Value]]) -> None:
        """Answer every question of this kind; processes of one role share them."""
        await client.subscribe(f"{kind.subject}.*", queue=self._role, cb=self._reply)

    async def _reply(self, raw: Msg) -> None:
        began = perf_counter()
        outcome = await self._ended(raw)
        labels = {"role": self._role, "question": name_of(raw.subject)}
        self._telemetry.count(QUESTIONS, outcome=outcome, **labels)
        self._telemetry.time(QUESTION_DURATION, perf_counter() - began, labels)

    async def _ended(self, raw: Msg) -> Outcome:
        """Answer a question, and return how that ended."""
        try:
            question = delivered(raw)
            with self._telemetry.span(
                f"answer {type(question.message).__name__}", parent=question.envelope.traceparent
            ):
                answer = await asyncio.to_thread(self._answer, question.message)
            await raw.respond(answer.model_dump_json().encode())
            return "answered"
        except MalformedMessage as error:
            await _refuse(raw, QueryRefused(reason="MalformedMessage", cause=str(error), cure="Ask by the contract."))
        except Refusal as error:
            await _refuse(raw, QueryRefused(reason=error.reason, cause=error.cause, cure=error.cure))
        except Unavailable as error:
            await _refuse(raw, QueryRefused(reason="Unavailable", cause=str(error), cure="Ask again in a moment."))
            return "failed"
        except Exception:
            log.exception("question failed", subject=raw.subject)
            await _refuse(raw, QueryRefused(reason="Bug", cause="The service failed.", cure="Its log says why."))
            return "failed"
        return "refused"

    def _answer(self, question: object) -> Value:
        handler = self._handler
        if self._state is None:
            answer: Value = handler.function(question, **handler.ports)
            return answer
        with self._state.transaction() as transaction:
            stores = {name: make(transaction) for name, make in handler.stores.items()}
            found: Value = handler.function(question, **handler.ports, **stores)
            return found


async def _refuse(raw: Msg, refused: QueryRefused) -> None:
    response = Msg(raw._client, subject=raw.reply, data=refused.model_dump_json().encode(), headers={REFUSED: "1"})
    await raw._client.publish(response.subject, response.data, headers=response.headers)
