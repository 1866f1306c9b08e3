"""The suite for connectors: it passes our own, and finds each promise that a bad one breaks."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pytest
from pydantic import ConfigDict, Field, SecretStr

from contracts.errors import Refusal
from services.ingest.sources import Credentials, File, Files, Found, Options, Rows
from services.ingest.sources.conformance import Case, judge
from services.ingest.sources.conformance.__main__ import main
from services.ingest.sources.sql import SqlSource
from tests.builders.postgresql import postgresql_server

RIGHT, WRONG = {"password": "the-right-secret"}, {"password": "the-wrong-secret"}
SCHEMA = pa.schema([("a", pa.int64())])


class Refused(Refusal):
    def __init__(self, more: str = "") -> None:
        super().__init__(f"It does not let us in{more}.", "Store the right password.")


class Shelf(Options):
    place: str = "shelf"
    """Where it is."""

    @property
    def where(self) -> str:
        return self.place


class LooseShelf(Shelf):
    model_config = ConfigDict(extra="ignore")


class SilentShelf(Shelf):
    row: str = Field(default="x")


class Proof(Credentials):
    password: SecretStr
    """What opens it."""


class PlainProof(Credentials):
    password: str
    """What opens it, for all to read."""


class Connector:
    """Gives three rows; ``fault`` says which promise it breaks."""

    kind: ClassVar[str] = "shelf"
    summary: ClassVar[str] = "Rows on a shelf."
    options: ClassVar[type[Options]] = Shelf
    credentials: ClassVar[type[Credentials] | None] = Proof

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.rows = [1, 2, 3]
        self.readings = count()
        self.held: list[Any] = []

    @contextmanager
    def open(self, options: Shelf, credentials: Any) -> Iterator[Found]:
        password = credentials.password if self.fault == "plain" else credentials.password.get_secret_value()
        self._check(password)
        if self.fault == "holds":
            self.held.append(Path(__file__).open())  # noqa: SIM115 - held on purpose
        if self.fault == "thread":
            self.held.append(threading.Event())
            threading.Thread(target=self.held[-1].wait, daemon=True).start()
        try:
            yield self._found(password)
        except ZeroDivisionError:
            if self.fault == "translates":
                raise Refused from None
            if self.fault != "swallows":
                raise

    def _check(self, password: str) -> None:
        if password == RIGHT["password"] or self.fault == "open door":
            return
        if self.fault == "wordless":
            raise KeyError(password)
        if self.fault == "chained":
            try:
                raise KeyError(password)
            except KeyError as error:
                raise Refused from error
        raise Refused(f": {password}" if self.fault == "tells" else "")

    def _found(self, password: str) -> Found:
        number = next(self.readings)
        rows = self.rows[number % 2 :] if self.fault == "shifting" else self.rows
        identity = {"restless": str(number), "stale": "same"}.get(self.fault, str(rows))
        if self.fault in ("files", "once"):
            parts = iter([b"a\n1\n"])
            opened: Callable[[], Iterator[bytes]] = (
                (lambda: parts) if self.fault == "once" else partial(iter, [b"a\n1\n"])
            )
            return Files([File("a.csv", None, "1", opened)])
        schema = pa.schema([("b", pa.int64())]) if self.fault == "other schema" else SCHEMA
        batch = pa.record_batch([pa.array(rows)], schema=schema)
        counted = len(rows) + (self.fault == "miscounts")
        lineage = {"as": password} if self.fault == "shows" else {}
        return Rows(SCHEMA, iter([batch]), lambda: counted, identity, lineage)


class Loose(Connector):
    options = LooseShelf


class Silent(Connector):
    options = SilentShelf


class Plain(Connector):
    credentials = PlainProof


def verdicts(connector: Connector) -> dict[str, bool | None]:
    case = Case(connector, {}, RIGHT, WRONG, change=lambda: connector.rows.append(4))
    found = {verdict.name: verdict for verdict in judge(case)}
    assert not any(secret in found[name].why for name in found for secret in case.secrets)
    for thing in connector.held:
        (thing.set if isinstance(thing, threading.Event) else thing.close)()
    return {name: verdict.kept for name, verdict in found.items()}


def test_a_good_connector_keeps_every_promise_that_is_its_own() -> None:
    found = verdicts(Connector())
    assert found.pop("opens_files_anew") is None
    assert set(found.values()) == {True}


def test_a_good_connector_of_files_keeps_them_too() -> None:
    assert False not in verdicts(Connector("files")).values()


@pytest.mark.parametrize(
    ("fault", "promise"),
    [
        ("silent", "says_what_it_is"),
        ("loose", "refuses_unknown_options"),
        ("plain", "hides_secrets"),
        ("shows", "hides_secrets"),
        ("shifting", "reads_the_same_twice"),
        ("other schema", "reads_the_same_twice"),
        ("miscounts", "reads_the_same_twice"),
        ("once", "opens_files_anew"),
        ("open door", "refuses_wrong_credentials"),
        ("wordless", "refuses_wrong_credentials"),
        ("tells", "refuses_wrong_credentials"),
        ("chained", "refuses_wrong_credentials"),
        ("swallows", "passes_on_what_fails"),
        ("translates", "passes_on_what_fails"),
        ("holds", "lets_go"),
        ("thread", "lets_go"),
        ("restless", "has_an_identity_of_its_rows"),
        ("stale", "has_an_identity_of_its_rows"),
    ],
)
def test_a_broken_promise_is_found(fault: str, promise: str) -> None:
    kinds = {"loose": Loose, "silent": Silent, "plain": Plain}
    assert verdicts(kinds.get(fault, Connector)(fault))[promise] is False


def test_ours_keep_them_on_a_file_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("CREATE TABLE orders AS SELECT 1 AS id UNION ALL SELECT 2")
    shop.close()
    arguments = ["sql", "url=sqlite:///shop.db", "table=orders", "--files-dir", str(tmp_path)]
    assert main(arguments) == 0
    assert "BROKEN" not in capsys.readouterr().out
    assert main([*arguments, "nothing=x"]) == 2
    assert "nothing" in capsys.readouterr().err
    proof = tmp_path / "proof.json"
    proof.write_text(json.dumps({"user": "a", "pass": "a-secret-of-the-tests"}))
    assert main([*arguments, "--credentials", str(proof)]) == 2
    assert "a-secret-of-the-tests" not in capsys.readouterr().err


def test_ours_keep_them_on_postgresql() -> None:
    with postgresql_server() as server:
        server.run(
            "CREATE TABLE orders AS SELECT generate_series(1, 5) AS id",
            "CREATE ROLE reader LOGIN PASSWORD 'the-right-secret'",
            "GRANT SELECT ON orders TO reader",
        )
        options = {"url": server.url, "query": "SELECT * FROM orders ORDER BY id"}
        found = list(judge(Case(SqlSource(), options, {"user": "reader"} | RIGHT, {"user": "reader"} | WRONG)))
    assert [verdict for verdict in found if verdict.kept is False] == []
    assert {verdict.name for verdict in found if verdict.kept is None} == {
        "opens_files_anew",
        "has_an_identity_of_its_rows",
    }
