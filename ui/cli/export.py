"""`trackside export`."""

import zipfile
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from contracts.evaluation import GetLeaderboard
from contracts.training import SCRIPTS, FitCompleted, ModelVersionCreated
from infra.objects import Objects
from ui.cli.connection import connected, run
from ui.cli.exits import Failed, WrongUsage
from ui.cli.experiment_file import Story, write_experiment, write_scores
from ui.cli.output import terminal
from ui.cli.reach import Reach
from ui.cli.stored import as_told, store_of


def export(
    experiment: Annotated[str, typer.Argument(metavar="EXP", help="The experiment's id.")],
    to: Annotated[Path | None, typer.Option("--to", metavar="FOLDER", help="Where to write; EXP if not given.")] = None,
) -> None:
    """Write a Python script that makes the winner's folds once more, and the whole experiment as one file."""
    folder = to or Path(experiment)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(f"{folder} is there already. Name a folder that is not, or is empty: --to FOLDER")
    reach = Reach.found()
    objects = store_of(reach)
    story = run(_told(reach, experiment))
    folder.mkdir(parents=True, exist_ok=True)
    model = _write(story, objects, folder)
    screen = terminal()
    screen.print(f"{folder / file_name(experiment)} holds {story.size}.", markup=False, soft_wrap=True)
    screen.print(f"{escape(str(folder))} has a script for {escape(model.candidate.name)}. Run it with:")
    screen.print(f"  cd {folder} && python3.11 -m venv env", markup=False, soft_wrap=True)
    screen.print("  env/bin/pip install -r requirements.txt && env/bin/python reproduce.py", soft_wrap=True)


def file_name(experiment: str) -> str:
    """Return what the file with the whole experiment is called."""
    return f"{experiment}.zip"


def _write(story: Story, objects: Objects, folder: Path) -> ModelVersionCreated:
    file = folder / file_name(story.experiment_id)
    with as_told():
        objects.fetch(story.plan.data, story.plan.data_digest, folder / "data.parquet")
        write_experiment(story, folder / "data.parquet", objects, file)
        model = _check_reproducible(story, file)
        write_scores(story.said(FitCompleted), folder / "scores.csv")
        _take_scripts(objects, model, folder)
    return model


async def _told(reach: Reach, experiment: str) -> Story:
    """Return an experiment's facts in order, once it has ended, with the board that they led to."""
    async with connected(reach) as connection:
        board = await connection.bus.ask(GetLeaderboard(experiment_id=experiment))
        facts = [fact async for fact in connection.bus.facts(key=experiment, stop_when_idle=True)]
    if not (board.final or board.cancelled):
        raise Failed(f"{experiment} has not ended. Wait for it: trackside leaderboard {experiment} --watch")
    return Story(experiment, facts, board)


def _check_reproducible(story: Story, file: Path) -> ModelVersionCreated:
    """Return the winner's model version; raise Failed, saying what was written, if there is none."""
    if story.plan.task not in {"classification", "regression"}:
        cause = f"There is no script for the task {story.plan.task} yet, only for classification and regression."
        raise Failed(f"{cause} The whole experiment is in {file}.")
    models = story.said(ModelVersionCreated)
    if not models:
        cause = f"{story.experiment_id} has no model version, and so no winner to make a script for."
        cure = "If it has just ended, wait a moment and export it to another folder."
        raise Failed(f"{cause} {cure} The whole experiment is in {file}.")
    return models[-1]


def _take_scripts(objects: Objects, model: ModelVersionCreated, folder: Path) -> None:
    """Write the script that the artifact carries, as its model was made with the versions that it names."""
    packed = folder / "model.zip"
    objects.fetch(model.artifact, model.artifact_digest, packed)
    try:
        with zipfile.ZipFile(packed) as archive:
            scripts = [entry for entry in archive.infolist() if entry.filename.startswith(f"{SCRIPTS}/")]
            for entry in scripts:
                (folder / Path(entry.filename).name).write_bytes(archive.read(entry))
    finally:
        packed.unlink()
    if not scripts:
        cause = f"{model.model_version_id} was made by a release that wrote no script."
        raise Failed(f"{cause} Race the plan again with another --seed. The whole experiment is in {folder}.")
