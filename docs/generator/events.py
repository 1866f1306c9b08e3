"""The pages of messages: one for each bounded context, and one of all."""

import json
from typing import Any

from contracts.asyncapi.channels import durable_of
from contracts.catalog import HEARS, MESSAGES
from contracts.examples import EXAMPLES
from contracts.headers import Headers
from contracts.identities import IDENTITIES, ORDERS
from contracts.ids import Key, Name
from contracts.message import Alarm, Command, Event, Message, Progress, Query, Value
from contracts.schemas import schemas_of
from contracts.streams import COMMANDS, EVENTS, SCHEDULES, STREAMS
from docs.generator.tables import code, page, table
from docs.generator.types import REFERENCES, parts_of, pattern_of, type_of

CONTEXTS = tuple(dict.fromkeys(message.context() for message in MESSAGES))
"""The bounded contexts, in the order of the catalog."""

_KINDS = {
    Event: f"fact, kept in `{EVENTS}`",
    Command: f"command, kept in `{COMMANDS}` until it is obeyed",
    Query: "question, answered at once",
    Progress: "sign of progress, kept nowhere",
    Alarm: f"alarm, kept in `{SCHEDULES}` until it is due",
}


def overview() -> str:
    """Return the page of all messages."""
    rows = (
        (
            f"[{message.__name__}]({message.context()}.md#{message.__name__.lower()})",
            code(f"{message.subject}.<{message.keyed_by}>"),
            ", ".join(sayers(message)),
            ", ".join(hearers(message)),
        )
        for message in MESSAGES
    )
    return page(
        "# Messages",
        "All that travels over the bus: facts (`evt`), commands (`cmd`), questions (`qry`), signs of progress, and "
        "alarms (`sched`). "
        "The same as a machine reads it: [asyncapi.json](../asyncapi.json), and a JSON Schema of each message in "
        "`docs/schemas/`; `trackside contracts` prints them anywhere. What each key may do: "
        "[identities](identities.md). How a program takes part: [outside programs](../guides/outside.md).",
        table(("message", "subject", "said by", "heard by"), rows),
        "Facts can be read by everyone who is let in; *heard by* names who acts on them. Of the types, a *key* is one "
        f"token that matches `{pattern_of(Key)}`, and a *name* one that matches `{pattern_of(Name)}`.",
        "## Headers",
        _paragraph(Headers),
        _fields(schemas_of([Headers], REFERENCES)["Headers"]),
        "## Streams",
        table(
            ("stream", "subjects", "keeps", "retention"),
            ((code(kept.name), code(*kept.subjects), kept.keeps, code(kept.retention)) for kept in STREAMS),
        ),
    )


def context_page(context: str) -> str:
    """Return the page of one bounded context."""
    messages = [message for message in MESSAGES if message.context() == context]
    answers = [message.answer for message in messages if issubclass(message, Query)]
    schemas = schemas_of([*messages, *answers], REFERENCES)
    own = {message.__name__ for message in messages}
    parts = [name for name in dict.fromkeys(parts_of(list(schemas.values()))) if name not in own]
    answered = {answer.__name__ for answer in answers}
    sections = [_section(message, schemas) for message in messages]
    shared = [_part(name, schemas) for name in (*sorted(answered - {*parts} - own), *parts)]
    return page(
        f"# Messages of {context}",
        "[All messages](README.md)",
        *sections,
        "## Parts",
        *shared,
    )


def sayers(message: type[Message]) -> list[str]:
    """Return the identities that say, order or ask it."""
    return [name for name, identity in IDENTITIES.items() if message in (*identity.says, *identity.asks)]


def hearers(message: type[Message]) -> list[str]:
    """Return the identities that obey it, act on it, answer it or listen to it."""
    return [
        name
        for name, identity in IDENTITIES.items()
        if message in (*HEARS.get(name, ()), *identity.answers, *identity.listens)
    ]


def _section(message: type[Message], schemas: dict[str, Any]) -> str:
    subject = f"{message.subject}.<{message.keyed_by}>"
    kind = next(words for kind, words in _KINDS.items() if issubclass(message, kind))
    heard = [f"{name} (`{durable_of(name, message)}`)" if _fed(name, message) else name for name in hearers(message)]
    facts = [
        ("subject", code(subject)),
        ("kind", kind),
        ("owner", message.context()),
        ("said by", ", ".join(sayers(message)) or "nobody of the platform"),
        ("heard by", ", ".join(heard) or "whoever reads the stream"),
        ("answered by", _answer(message)),
        ("schema", f"[{message.subject}.json](../schemas/{message.subject}.json)"),
    ]
    return "\n\n".join(
        (
            f"## {message.__name__}",
            _paragraph(message),
            "\n".join(f"- {name}: {value}" for name, value in facts if value),
            _fields(schemas[message.__name__]),
            _example(message.__name__),
        )
    )


def _part(name: str, schemas: dict[str, Any]) -> str:
    texts = (f"### {name}", schemas[name].get("description", ""), _fields(schemas[name]), _example(name))
    return "\n\n".join(filter(None, texts))


def _fed(name: str, message: type[Message]) -> bool:
    return message in HEARS.get(name, ())


def _answer(message: type[Message]) -> str:
    if issubclass(message, Query):
        answer = message.answer.__name__
        return f"[{answer}](#{answer.lower()})"
    if issubclass(message, Command):
        return ", ".join(f"[{fact.__name__}](#{fact.__name__.lower()})" for fact in ORDERS.get(message, ()))
    return ""


def _fields(schema: dict[str, Any]) -> str:
    needed = set(schema.get("required", ()))
    rows = (
        (code(name), type_of(field), "" if name in needed else _default(field), field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    )
    return table(("field", "type", "if left out", "meaning"), rows)


def _default(field: dict[str, Any]) -> str:
    return code(json.dumps(field["default"])) if "default" in field else "absent"


def _example(name: str) -> str:
    found = next((example for model, example in EXAMPLES.items() if model.__name__ == name), None)
    if found is None:
        return ""
    body = json.dumps(found, indent=2, ensure_ascii=False)
    return f"Such as:\n\n```json\n{body}\n```"


def _paragraph(model: type[Value]) -> str:
    return " ".join((model.__doc__ or "").split())
