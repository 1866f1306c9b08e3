"""Run the fork server: ``python -m infra.workers --socket PATH --preload MODULE ... [--nice N] [--log FILE]``."""

import argparse
import os
import signal
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from infra.workers.child import serve
from infra.workers.server import ForkServer

_ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        # One thread per library: more give other numbers on other machines, and children share the cores anyway.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        # PyCaret writes a log file where it stands, unless told otherwise before it is imported.
        "PYCARET_CUSTOM_LOGGING_PATH": os.devnull,
        "PYCARET_CUSTOM_LOGGING_LEVEL": "CRITICAL",
        "MPLBACKEND": "Agg",
        # A thread of MLflow's own would not survive the fork.
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
)


def main() -> None:
    """Import, listen and fork until ended by a signal."""
    options = _options()
    _ensure_environment()
    os.nice(options.nice)
    # Ctrl-C reaches everyone in the terminal; the supervisor ends this process when the services are done with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ForkServer(options.socket, options.preload, partial(serve, log=options.log)).run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.workers", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True, help="where to listen; other users cannot connect")
    parser.add_argument("--preload", action="append", default=[], help="a module to import before the first fork")
    parser.add_argument("--nice", type=int, default=0, help="how much to yield to other processes, up to 19")
    parser.add_argument("--log", type=Path, default=Path(os.devnull), help="where children's output is appended")
    return parser.parse_args()


def _ensure_environment() -> None:
    """Start this program anew if a variable that libraries read at their import is not as it must be."""
    environment = os.environ  # noqa: TID251 - libraries read theirs, not settings of ours
    if not _ENVIRONMENT.items() <= environment.items():
        command = [sys.executable, "-m", "infra.workers", *sys.argv[1:]]
        os.execve(sys.executable, command, {**environment, **_ENVIRONMENT})  # noqa: S606 - itself


if __name__ == "__main__":
    main()
