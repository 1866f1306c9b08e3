"""A real MLflow server, started as the embedded platform starts it."""

import os
import socket
import subprocess
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from infra.local.layout import Home
from infra.local.mlflow import mlflow_server
from tests.builders.asking import until


class MlflowServer:
    """An MLflow server on a port of its own; it is away until it is started."""

    def __init__(self, folder: Path) -> None:
        self._home = Home(folder)
        self._home.create()
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens once it is started."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        row = mlflow_server(self._home, self._port, stage=0, nice=0)
        environment = {**os.environ, **row.environment}  # noqa: TID251 - as the supervisor hands it on
        with self._home.log("mlflow").open("wb") as log:
            self._process = subprocess.Popen(row.command, env=environment, cwd=self._home.root, stdout=log, stderr=log)
        until(self._answers, seconds=100)

    def stop(self) -> None:
        """Stop it, if it was started."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            connection = HTTPConnection("127.0.0.1", self._port, timeout=2)
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
