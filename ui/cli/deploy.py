"""`trackside deploy`."""

from typing import Annotated

import typer

from contracts.serving import DeploymentReady, DeployModelVersion
from ui.cli.connection import Connection, connected, new_id, run
from ui.cli.options import Json
from ui.cli.output import print_json, terminal

_SECONDS = 180.0  # the first model pays for PyCaret's import


def deploy(
    model: Annotated[str, typer.Argument(metavar="MODEL_VERSION|EXP", help="A model version, or who made it.")],
    name: Annotated[str, typer.Option(help="Name of the endpoint; an existing one gets the new model version.")],
    *,
    as_json: Json = False,
) -> None:
    """Bind a model version to an endpoint of the serving API."""

    async def main() -> tuple[DeploymentReady, str]:
        async with connected() as connection:
            return await deployed(connection, model, name), connection.reach.serving_url

    ready, serving_url = run(main())
    if as_json:
        print_json(ready)
        return
    terminal().print(f"{ready.name} answers with model version {ready.model_version_id}: {serving_url}{ready.path}")
    terminal().print(f"Try: trackside predict {ready.name} --file rows.csv")


async def deployed(connection: Connection, model: str, name: str) -> DeploymentReady:
    """Deploy ``model`` as ``name`` and return the fact that it answers."""
    command = DeployModelVersion(deployment_id=new_id("dep"), name=name, model=model)
    ready = await connection.bus.order(command, DeploymentReady, seconds=_SECONDS)
    assert isinstance(ready, DeploymentReady)
    return ready
