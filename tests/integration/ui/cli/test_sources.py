"""The verbs for sources, as processes of their own, against an ingest that knows one kind."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.objects.store import objects_of
from services.ingest.app import service
from services.ingest.settings import IngestSettings
from tests.builders import shelf
from tests.builders.nats import NatsServer
from tests.builders.platform import TRACKSIDE, environment, hear_ctrl_c
from tests.builders.service import running

CSV = "species,mass\nAdelie,3700\nGentoo,NA\n"
WORD = "sesame"


@dataclass
class Said:
    """What a verb printed, and how it ended."""

    code: int
    out: str
    err: str


class Watched:
    """A verb at a terminal, which a person reads and types at."""

    def __init__(self, process: asyncio.subprocess.Process, terminal: int) -> None:
        self.process = process
        self._terminal = terminal
        self.shown = ""

    async def shows(self, text: str) -> None:
        """Wait until the terminal has shown this."""
        async with asyncio.timeout(20):
            while text not in self.shown:
                self.shown += (await asyncio.to_thread(os.read, self._terminal, 4096)).decode()

    def press(self, text: str) -> None:
        """Type something."""
        os.write(self._terminal, text.encode())


class Desk:
    """Where a person types verbs."""

    def __init__(self, settings: IngestSettings, home: Path) -> None:
        self.keys = home / "keys" / "sources"
        self.shelf = home.parent / "shelf"
        self.shelf.mkdir()
        (self.shelf / "p.csv").write_text(CSV)
        self._environment = {
            **environment(home),
            "TRACKSIDE_NATS_URL": settings.nats_url,
            "TRACKSIDE_OBJECTS_URL": settings.objects_url,
        }

    async def type(self, *words: str, piped: str = "") -> Said:
        """Run a verb to its end."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            TRACKSIDE, *words, env=self._environment, stdin=pipe, stdout=pipe, stderr=pipe
        )
        out, err = await process.communicate(piped.encode())
        assert process.returncode is not None
        return Said(process.returncode, out.decode(), err.decode())

    async def watch(self, *words: str) -> "Watched":
        """Run a verb at a terminal."""
        ours, theirs = os.openpty()
        process = await asyncio.create_subprocess_exec(
            TRACKSIDE, *words, env=self._environment, stdin=theirs, stdout=theirs, stderr=theirs,
            preexec_fn=hear_ctrl_c,
        )  # fmt: skip
        os.close(theirs)
        return Watched(process, ours)

    async def read(self, *words: str) -> Said:
        """Read the shelf."""
        return await self.type("read", "shelf", f"folder={self.shelf}", "--name", "penguins", *words)


@pytest.fixture
async def desk(nats_server: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    shelf.install(tmp_path / "installed")
    monkeypatch.syspath_prepend(tmp_path / "installed")
    home = tmp_path / "home"
    settings = IngestSettings(
        nats_url=nats_server.url,
        process="ingest",
        state_url=f"sqlite:///{tmp_path}/ingest.db",
        objects_url=f"file://{tmp_path}/objects",
        credentials_dir=home / "keys" / "sources",
    )
    assert objects_of(settings).create("uploads/nothing", [b""])
    async with running(service(settings), settings):
        yield Desk(settings, home)


async def test_the_kinds_are_listed_and_each_says_what_it_wants(desk: Desk) -> None:
    listed = await desk.type("sources")
    kinds = [line.strip().split(maxsplit=1) for line in listed.out.splitlines()[1:]]
    assert (listed.code, [kind for kind, _ in kinds]) == (0, ["git", "s3", "shelf", "snowflake", "sql"])
    assert ["shelf", "Files of a folder, for tests."] in kinds
    told = await desk.type("sources", "shelf")
    assert "folder   yes     The folder that is read." in told.out
    assert "word    yes     The word that is said to it." in told.out
    assert "trackside read shelf folder=... --name DATASET --credentials NAME" in told.out
    options = json.loads((await desk.type("sources", "shelf", "--json")).out)["options"]
    assert [option["name"] for option in options] == ["folder", "pattern", "gate", "deaf"]
    unknown = await desk.type("sources", "shelv")
    assert (unknown.code, "Did you mean shelf?" in unknown.err) == (2, True)


async def test_a_source_is_read_and_what_became_of_it_is_told(desk: Desk) -> None:
    first = await desk.read()
    assert first.code == 0, first.err
    assert first.out == (
        "penguins is now version 1: 2 rows, 2 columns\n  read from shelf:shelf; 1 file, 1 of them new; keeper ann\n"
    )
    again = json.loads((await desk.read("--json")).out)
    assert (again["unchanged"], again["source"]["new"]) == (True, 0)


async def test_wrong_options_are_told_before_anything_is_sent(desk: Desk) -> None:
    wrong = await desk.type("read", "shelf", "patern=*.csv", "--name", "penguins")
    assert wrong.code == 2
    assert "patern is unknown. Did you mean pattern?\nfolder is missing: the folder that is read." in wrong.err
    assert (await desk.type("read", "shelf", "folder", "--name", "penguins")).code == 2
    assert json.loads((await desk.type("datasets", "--json")).out) == {"datasets": []}


async def test_credentials_are_kept_closed_and_listed_without_what_they_hold(desk: Desk) -> None:
    kept = await desk.type("credentials", "set", "ann", "--kind", "shelf", f"word={WORD}", "floor=2")
    assert kept.code == 0, kept.err
    assert "stand in the shell's history" in kept.err
    (file,) = desk.keys.iterdir()
    assert (file.name, file.stat().st_mode & 0o777, desk.keys.stat().st_mode & 0o777) == ("ann.json", 0o600, 0o700)
    listed = await desk.type("credentials", "--json")
    assert json.loads(listed.out) == {"credentials": [{"name": "ann", "kind": "shelf"}]}
    assert (await desk.read("--credentials", "ann")).code == 0
    assert all(WORD not in said for each in (kept, listed) for said in (each.out, each.err))
    assert (await desk.type("credentials", "remove", "ann")).code == 0
    gone = await desk.read("--credentials", "ann")
    assert (gone.code, "There are no credentials called ann." in gone.err) == (1, True)
    assert (await desk.type("credentials", "remove", "ann")).code == 2


async def test_credentials_come_from_a_pipe_and_wrong_ones_replace_nothing(desk: Desk) -> None:
    whole = await desk.type(
        "credentials", "set", "ann", "--kind", "shelf", "--from-file", "-", piped='{"word": "sesame"}'
    )
    assert (whole.code, whole.err) == (0, "")
    for words, piped in (
        (("--from-file", "-"), '{"floor": 3}'),
        (("--from-file", "-"), '{"word": "sesame"'),
        (("wort=sesame",), ""),
        ((), ""),
    ):
        wrong = await desk.type("credentials", "set", "ann", "--kind", "shelf", *words, piped=piped)
        assert (wrong.code, WORD in wrong.err) == (2, False), wrong.err
    assert json.loads((desk.keys / "ann.json").read_text()) == {"kind": "shelf", "word": "sesame"}
    assert (await desk.type("credentials", "set", "../ann", "--kind", "shelf", "word=x")).code == 2


async def test_credentials_of_another_kind_are_refused(desk: Desk) -> None:
    await desk.type("credentials", "set", "ann", "--kind", "shelf", "word=sesame")
    (desk.keys / "ann.json").write_text('{"kind": "lake", "word": "sesame"}')
    refused = await desk.read("--credentials", "ann")
    assert refused.code == 1
    assert "The credentials ann do not fit a source of the kind shelf: they are for the kind lake." in refused.err


@pytest.mark.parametrize(("answer", "told"), [("y", "Cancelled; nothing of it is registered."), ("n", "It goes on;")])
async def test_ctrl_c_offers_to_cancel_and_does(desk: Desk, answer: str, told: str) -> None:
    gate = desk.shelf.parent / "gate"
    gate.touch()
    try:
        watched = await desk.watch("read", "shelf", f"folder={desk.shelf}", f"gate={gate}", "--name", "penguins")
        await watched.shows("reading penguins")
        watched.process.send_signal(signal.SIGINT)
        await watched.shows("Cancel it?")
        watched.press(f"{answer}\n")
        await watched.shows(told)
        assert await watched.process.wait() == 130
    finally:
        gate.unlink()
    if answer == "n":  # what goes on is answered before what comes behind it
        assert json.loads((await desk.read("--json")).out)["unchanged"] is True
    else:
        assert json.loads((await desk.type("datasets", "--json")).out) == {"datasets": []}
