"""Records the stream of a version: runs a platform of this checkout, does one of each thing, and writes it all down.

Run it as `make record VERSION=0.2.0` when a version is released, and commit the folder that it writes.
"""

import asyncio
import re
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from nats.js.client import JetStreamContext

from contracts.catalog import HEARS, MESSAGES, facts_of
from contracts.evaluation import CandidateRetired, GetLeaderboard
from contracts.ids import CandidateId
from contracts.ingest import CancelIngestion, IngestionCancelled, IngestionInHand, ListDatasets
from contracts.message import Event, Query
from contracts.publishers import ListPublishers
from contracts.scheduler import ListTriggers, TriggerFired
from contracts.schedules import ScheduleFired
from contracts.serving import ListDeployments, PredictionsLogged
from contracts.streams import EVENTS, fact_durable
from contracts.training import (
    ExperimentStarted,
    ListExperiments,
    ModelVersionRecorded,
    RefitCandidate,
    RefitFailed,
)
from contracts.webhooks import ListWebhooks
from infra.bus import CommandRefused
from infra.bus.client import connect
from infra.bus.follower import Follower
from infra.telemetry import Telemetry
from tests.builders.asking import eventually
from tests.builders.experiments import Outside, outside
from tests.builders.exported import damage
from tests.builders.platform import RunningPlatform
from tests.builders.results import of
from tests.recorded.stream import PREDICTIONS, Answered, Recorded, write

_RACE = ("--target", "late", "--engine", "sklearn", "--folds", "2", "--candidates", "logistic,tree")
_PRIVATE = re.compile(r"/tmp/|/home/|/root/|\bS[UAN][A-Z2-7]{50,}|PRIVATE KEY|eyJ[\w-]+\.")


async def record(platform: RunningPlatform, folder: Path) -> tuple[list[Recorded], list[Answered]]:
    """Do one of each thing on a platform; return its whole stream, and what its services answer in the end."""
    async with outside(platform.ready()) as there:
        each_minute = _schedules(platform)
        await _data_and_triggers(platform, folder, there)
        await _cancelled(platform, folder, there)
        raced = await _races(platform, folder, there)
        await _lost_rows(platform, folder, there)
        _versions(platform, folder)
        await _serving(platform, folder, there, raced)
        _publishers_and_webhooks(platform)
        await there.heard("*", ScheduleFired)
        platform.json("unschedule", each_minute)
        await there.all_is_done()
        await eventually(lambda: _all_is_heard(there.inspected))
        return await _stream(there.inspected), [await _asked(there, question) for question in await _questions(there)]


def rows(file: Path, count: int, seed: int) -> Path:
    """Write a small table with a target of two classes, and return its file."""
    chance = Random(seed)
    lines = ["distance,carrier,late"]
    for _ in range(count):
        distance = chance.uniform(10, 900)
        late = "yes" if distance + chance.uniform(-200, 200) > 450 else "no"
        lines.append(f"{distance:.1f},{chance.choice(('north', 'south', ''))},{late}")
    file.write_text("\n".join(lines) + "\n")
    return file


async def _data_and_triggers(platform: RunningPlatform, folder: Path, there: Outside) -> None:
    platform.json("ingest", str(rows(folder / "first.csv", 80, 1)), "--name", "shipments")
    (folder / "empty.csv").write_text("")
    _refused(platform, "ingest", str(folder / "empty.csv"), "--name", "shipments")
    trigger = platform.json("trigger", "shipments", *_RACE)["trigger_id"]
    other = platform.json("trigger", "shipments", *_RACE, "--seed", "7")["trigger_id"]
    _refused(platform, "trigger", "shipments", *_RACE)
    platform.json("untrigger", other)
    assert other != trigger
    platform.json("ingest", str(rows(folder / "second.csv", 90, 2)), "--name", "shipments")
    await there.heard("*", TriggerFired)


async def _cancelled(platform: RunningPlatform, folder: Path, there: Outside) -> None:
    """Cancel an ingestion that is in hand, and one that never was."""
    file = rows(folder / "long.csv", 400_000, 5)
    ingesting = asyncio.create_task(asyncio.to_thread(platform.run, "ingest", str(file), "--name", "long"))
    async for sign in there.bus.signs():
        if isinstance(sign.message, IngestionInHand):
            break
    await there.bus.order(CancelIngestion(ingestion_id=sign.message.key), IngestionCancelled)
    assert (await ingesting).returncode == 1
    with suppress(CommandRefused):
        await there.bus.order(CancelIngestion(ingestion_id="ing-none"), IngestionCancelled)


async def _races(platform: RunningPlatform, folder: Path, there: Outside) -> str:
    raced = platform.json("train", "shipments", *_RACE[:-1], "logistic,tree,dummy")["experiment_id"]
    await there.heard(raced, ModelVersionRecorded)
    _refused(platform, "train", "shipments", "--target", "lat", "--engine", "sklearn")
    platform.json("ingest", str(rows(folder / "many.csv", 2000, 3)), "--name", "many")
    judged = platform.json("train", "many", *_RACE[:-1], "logistic,dummy", "--rule", "careful")["experiment_id"]
    await there.heard(judged, CandidateRetired)
    await there.heard(judged, ModelVersionRecorded)
    ended = platform.json("train", "many", *_RACE[:-1], "forest,boosting", "--folds", "20")["experiment_id"]
    platform.json("cancel", ended)
    _refused(platform, "cancel", ended)
    _imports(platform, folder, ended)
    return str(raced)


def _imports(platform: RunningPlatform, folder: Path, ended: str) -> None:
    """Take in an experiment that is here already, and refuse a damaged one."""
    platform.run("export", ended, "--to", str(folder / "exported"))
    file = folder / "exported" / f"{ended}.zip"
    platform.json("import", str(file))
    damage(file)
    _refused(platform, "import", str(file))


async def _lost_rows(platform: RunningPlatform, folder: Path, there: Outside) -> None:
    """Race on rows that the object store has lost: every fit fails, and so does a refit."""
    version = platform.json("ingest", str(rows(folder / "lost.csv", 70, 4)), "--name", "lost")
    (platform.home.objects / version["data"]).unlink()
    assert platform.run("train", "lost", *_RACE, "--watch").returncode == 1
    started = of(ExperimentStarted, await there.story("*"))[-1]
    # A race without a winner orders no refit, so it is ordered here in evaluation's name.
    url, seed = there.platform.nats_url, platform.home.seed("evaluation")
    evaluation = await connect(url, seed, "evaluation", Telemetry("evaluation"))
    await evaluation.publish(
        RefitCandidate(
            experiment_id=started.experiment_id, candidate=CandidateId("tree"), plan_digest=started.plan_digest
        )
    )
    await evaluation.close()
    await there.heard(started.experiment_id, RefitFailed)


def _versions(platform: RunningPlatform, folder: Path) -> None:
    """Change the columns of a dataset, and remove the version before for good."""
    file = rows(folder / "changing.csv", 60, 5)
    platform.json("ingest", str(file), "--name", "changing")
    file.write_text(file.read_text().replace("carrier", "line"))
    platform.json("ingest", str(file), "--name", "changing")
    platform.json("remove", "changing", "1", "--yes")
    _refused(platform, "remove", "changing", "1", "--yes")


async def _serving(platform: RunningPlatform, folder: Path, there: Outside, raced: str) -> None:
    platform.json("deploy", raced, "--name", "late")
    _refused(platform, "deploy", "no-such-model", "--name", "late")
    answer = platform.json("predict", "late", "--row", '{"distance": 500.0, "carrier": "north"}')
    await there.heard("*", PredictionsLogged)
    assert platform.run("report", raced, "--to", str(folder / "report.html")).returncode == 0
    _refused(platform, "report", "mv-0", "--to", str(folder / "none.html"))
    platform.json("explain", answer["prediction_id"])
    _refused(platform, "explain", "no-such-prediction")


def _publishers_and_webhooks(platform: RunningPlatform) -> None:
    for name in ("fleet", "gone"):
        platform.json("publishers", "add", name, "--may", "RegisterDataset,StartExperiment", "--hears", "FitFailed")
    _refused(platform, "publishers", "add", "fleet", "--may", "RegisterDataset")
    platform.json("publishers", "revoke", "gone")
    for name in ("audit", "gone"):
        platform.json("webhooks", "add", name, "http://127.0.0.1:9/facts", "--hears", "ExperimentCompleted")
    _refused(platform, "webhooks", "add", "audit", "http://127.0.0.1:9/other", "--hears", "FitFailed")
    platform.json("webhooks", "replay", "audit", "--from", "1")
    platform.json("webhooks", "remove", "gone")


def _schedules(platform: RunningPlatform) -> str:
    """Read a source that ingest has no connector for, each minute, while the rest is recorded; return that schedule."""
    source = ("--name", "tides", "--kind", "tide-gauge", "station=42")
    each_minute = platform.json("schedule", "* * * * *", "--zone", "Europe/Paris", *source)["schedule_id"]
    other = platform.json("schedule", "0 3 * * *", *source)["schedule_id"]
    _refused(platform, "schedule", "0 0 3 * * *", *source)
    platform.json("unschedule", other)
    return str(each_minute)


def _refused(platform: RunningPlatform, *arguments: str) -> None:
    done = platform.run(*arguments)
    assert done.returncode == 1, (arguments, done.returncode, done.stderr)


async def _all_is_heard(stream: JetStreamContext) -> bool:
    """Return whether every role has acknowledged every fact, so that its answers count them all."""
    durables = [await stream.consumer_info(EVENTS, fact_durable(role)) for role in HEARS if facts_of(role)]
    return all(info.num_pending == 0 and info.num_ack_pending == 0 for info in durables)


async def _stream(stream: JetStreamContext) -> list[Recorded]:
    follower = Follower(stream, EVENTS, ["evt.>"])
    await follower.start(replay=True)
    messages = []
    while follower.waiting:
        raw = await follower.next()
        messages.append(Recorded(raw.subject, dict(raw.headers or {}), raw.data.decode()))
    await follower.stop()
    return messages


async def _questions(there: Outside) -> list[Query[Any]]:
    started = of(ExperimentStarted, await there.story("*"))
    lists = (ListDatasets, ListExperiments, ListDeployments, ListTriggers, ListPublishers, ListWebhooks)
    return [*(kind() for kind in lists), *(GetLeaderboard(experiment_id=fact.experiment_id) for fact in started)]


async def _asked(there: Outside, question: Query[Any]) -> Answered:
    answer = await there.bus.ask(question)
    return Answered(type(question).__name__, question.model_dump(mode="json"), answer.model_dump(mode="json"))


def _predictions(platform: RunningPlatform) -> dict[str, bytes]:
    """Return what candidates answered on the rows kept out, by the keys that facts have: who judges reads it too."""
    files = (platform.home.objects / PREDICTIONS).glob("*.parquet")
    return {f"{PREDICTIONS}/{file.name}": file.read_bytes() for file in files}


def main(version: str) -> None:
    """Record ``version``; end without a word written if anything of this machine would be in it."""
    with tempfile.TemporaryDirectory() as place:
        platform = RunningPlatform.start(Path(place) / "home")
        try:
            messages, answers = asyncio.run(record(platform, Path(place)))
            predictions = _predictions(platform)
        finally:
            platform.stop()
    for message in messages:
        text = str(message)
        if (found := _PRIVATE.search(text)) or str(Path.cwd()) in text:
            sys.exit(f"{message.subject} holds {found[0] if found else Path.cwd()}, which is of this machine")
    folder = write(version, messages, answers, predictions)
    subjects = {message.subject.rpartition(".")[0] for message in messages}
    missing = [kind.__name__ for kind in MESSAGES if issubclass(kind, Event) and kind.subject not in subjects]
    sys.stdout.write(f"{len(messages)} messages in {folder}; not among them: {', '.join(missing) or 'none'}\n")


if __name__ == "__main__":
    main(sys.argv[1])
