"""What the embedded platform runs: one row for each process."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from infra.bus import Bus
from infra.local.child import Process
from infra.local.issuer.clients import PAGE, clients_of
from infra.local.layout import Home
from infra.local.mlflow import mlflow_server
from infra.local.nats import binary
from infra.local.probes import answers_http, is_well, listens

SERVERS = ("nats", "nats-monitor", "issuer", "ui", "serving", "mlflow", "events")
"""Who needs a port."""
CLIENTS = ("supervisor", "provisioner", "door", "cli", "outside")
"""Who has a key without being a process of the platform; ``outside`` is for any program of the user's own."""

_ROLES = ("ingest", "training", "evaluation", "scheduler", "serving")
_NATS, _FRONT, _BESIDE, _LABOUR = range(4)
_LOW = 10
_PRELOADED = ("ml.engines.pycaret", "ml.engines.sklearn", "services.training.worker.fitting")
"""What a fit imports, so that no child pays it."""
# Workers fill the cores: one thread each, so that neither time nor scores depend on how many there are.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Addresses:
    """Where each server answers."""

    ports: Mapping[str, int]

    @property
    def nats(self) -> str:
        """Return the address of nats-server."""
        return f"nats://127.0.0.1:{self.ports['nats']}"

    def http(self, server: str) -> str:
        """Return the address of an HTTP server."""
        return f"http://127.0.0.1:{self.ports[server]}"


def users(workers: int) -> tuple[str, ...]:
    """Return who may connect to nats-server, each by a key of its own."""
    return (*_ROLES, *_workers(workers), "training-recorder", "ui", *CLIENTS)


def nats_server(home: Home, addresses: Addresses) -> Process:
    """Return the process of nats-server, whose configuration is written already."""
    return Process(
        name="nats",
        command=(str(binary()), "-c", str(home.nats / "nats.conf"), "-m", str(addresses.ports["nats-monitor"])),
        ready=answers_http(f"{addresses.http('nats-monitor')}/healthz?js-enabled-only=true"),
        stage=_NATS,
    )


@dataclass(frozen=True)
class Rows:
    """The processes that follow nats-server, and are asked over ``bus``."""

    home: Home
    addresses: Addresses
    bus: Bus

    def front(self) -> tuple[Process, ...]:
        """Return what a person waits for: the issuer, the services and the page."""
        issuer = {"ISSUER_URL": self.addresses.http("issuer")}
        ingress = {"DOOR_FOLDER": str(self.home.door), "HTTP_PORT": self._port("events")}
        sources = {"CREDENTIALS_DIR": str(self.home.sources)}
        more = {
            "serving": {"HTTP_PORT": self._port("serving"), **issuer},
            "ingest": {**ingress, **issuer, **sources},
        }
        services = (self._speaker(role, f"services.{role}", _FRONT, more.get(role, {})) for role in _ROLES)
        return (self._issuer(), self._page(), *services)

    def labour(self, workers: int) -> tuple[Process, ...]:
        """Return what does the fits, and what tells MLflow about them."""
        warm = {"WARM_SOCKET": str(self.home.warm_socket), "CACHE_DIR": str(self.home.cache)}
        fitters = (
            self._speaker(name, "services.training.worker", _LABOUR, warm, prefix="TRAINING_WORKER_")
            for name in _workers(workers)
        )
        mlflow = {"MLFLOW_URL": self.addresses.http("mlflow")}
        return (*fitters, self._speaker("training-recorder", "services.training.recorder", _LABOUR, mlflow))

    def beside(self) -> tuple[Process, ...]:
        """Return what is slow to start, at low priority: PyCaret's warm fork server, and MLflow."""
        socket = self.home.warm_socket
        preloaded = (word for module in _PRELOADED for word in ("--preload", module))
        warm = Process(
            name="warm",
            command=_python("infra.workers", "--socket", str(socket), "--nice", "10", *preloaded),
            ready=listens(socket),
            environment=_ONE_THREAD,
            stage=_BESIDE,
            nice=0,
        )
        return (warm, mlflow_server(self.home, self.addresses.ports["mlflow"], _BESIDE, _LOW))

    def _issuer(self) -> Process:
        settings = {"PORT": self._port("issuer"), "FOLDER": str(self.home.issuer)}
        url = self.addresses.http("issuer")
        return Process(
            name="issuer",
            command=_python("infra.local.issuer"),
            ready=answers_http(f"{url}/.well-known/openid-configuration"),
            environment=_prefixed("ISSUER_", settings),
            stage=_FRONT,
        )

    def _page(self) -> Process:
        servers = {f"{server.upper()}_URL": self.addresses.http(server) for server in ("issuer", "mlflow", "serving")}
        settings = {"HTTP_PORT": self._port("ui"), "CLIENT_SECRET": clients_of(self.home.issuer)[PAGE].secret}
        page = self._speaker("ui", "ui.web", _FRONT, {**settings, **servers})
        return replace(page, ready=answers_http(f"{self.addresses.http('ui')}/health"), on_bus=False)

    def _speaker(
        self, name: str, module: str, stage: int, settings: Mapping[str, str] = MappingProxyType({}), prefix: str = ""
    ) -> Process:
        """Return a process that speaks over the bus, and is asked over it whether it is ready."""
        common = {
            "NATS_URL": self.addresses.nats,
            "NATS_SEED_FILE": str(self.home.seed(name)),
            "PROCESS": name,
            "TRACES_DIR": str(self.home.traces),
            "STATE_URL": f"sqlite:///{self.home.state / name}.db",
            "OBJECTS_URL": f"file://{self.home.objects}",
        }
        prefix = prefix or name.upper().replace("-", "_") + "_"
        return Process(
            name=name,
            command=_python(module),
            ready=is_well(self.bus, name),
            environment={**_ONE_THREAD, **_prefixed(prefix, {**common, **settings})},
            stage=stage,
            on_bus=True,
        )

    def _port(self, server: str) -> str:
        return str(self.addresses.ports[server])


def _workers(count: int) -> tuple[str, ...]:
    return tuple(f"training-worker-{number}" for number in range(1, count + 1))


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _prefixed(prefix: str, settings: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}{name}": value for name, value in settings.items()}
