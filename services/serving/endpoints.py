"""What answers under which name, right now: changed in one step, so that each request meets one model version whole."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from contracts.serving import DeploymentReady
from contracts.training import ModelVersionCreated
from services.serving.domain.errors import Busy, DeploymentLoading, DeploymentNotLoaded, DeploymentUnknown
from services.serving.domain.rows import Columns
from services.serving.ports import Answer, Model


def _one_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="model")


@dataclass
class Endpoint:
    """One deployment with its model, which answers in a thread of its own: models are not safe for more."""

    deployment: DeploymentReady
    version: ModelVersionCreated
    model: Model
    _thread: ThreadPoolExecutor = field(default_factory=_one_thread)
    waiting: int = 0
    """Requests that wait for an answer now."""

    async def answer(self, columns: Columns, most: int) -> Sequence[Answer]:
        """Return the model's answers, letting the loop go on meanwhile.

        Raises:
            Busy: if ``most`` requests wait already.
            RowsUnanswered: if the model fails on these rows.
        """
        if self.waiting >= most:
            raise Busy(most)
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self.model.answer, columns)
        finally:
            self.waiting -= 1


class LiveEndpoints:
    """Every endpoint of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._endpoints: dict[str, Endpoint] = {}
        self._problems: dict[str, str] = {}
        self.restored = False
        """True once what was deployed before the last restart is loaded again, or cannot be."""

    def bind(self, deployment: DeploymentReady, version: ModelVersionCreated, model: Model) -> None:
        """Let ``model`` answer under the deployment's name from now on, in place of what did before."""
        with self._lock:
            self._endpoints[deployment.name] = Endpoint(deployment, version, model)
            self._problems.pop(deployment.name, None)

    def restore(self, deployment: DeploymentReady, version: ModelVersionCreated, model: Model) -> None:
        """Let ``model`` answer again, unless something newer was deployed meanwhile."""
        with self._lock:
            self._endpoints.setdefault(deployment.name, Endpoint(deployment, version, model))

    def give_up(self, name: str, problem: str) -> None:
        """Say why nothing answers under a name that was deployed."""
        with self._lock:
            self._problems[name] = problem

    def all(self) -> list[Endpoint]:
        """Return every endpoint, by name."""
        with self._lock:
            return [endpoint for _, endpoint in sorted(self._endpoints.items())]

    def problems(self) -> list[str]:
        """Return why deployments that should answer do not."""
        with self._lock:
            return [str(DeploymentNotLoaded(*problem)) for problem in sorted(self._problems.items())]

    def get(self, name: str) -> Endpoint:
        """Return what answers under ``name``.

        Raises:
            DeploymentUnknown: if nothing was deployed under it.
            DeploymentNotLoaded: if it could not be loaded again.
            DeploymentLoading: if, after a restart, that is not known yet.
        """
        with self._lock:
            if name in self._endpoints:
                return self._endpoints[name]
            if name in self._problems:
                raise DeploymentNotLoaded(name, self._problems[name])
            if not self.restored:
                raise DeploymentLoading(name)
            raise DeploymentUnknown(name, self._endpoints)
