"""Engines for tests, each imported once, with one thread per library as in a worker."""

from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ml.engines import engine
from ml.engines.port import Engine


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def pycaret_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYCARET_CUSTOM_LOGGING_PATH", "/dev/null")
        patch.setenv("MPLBACKEND", "Agg")
        yield


@pytest.fixture(scope="session")
def pycaret(pycaret_environment: None) -> Engine:
    return engine("pycaret")


@pytest.fixture(
    scope="session", params=["sklearn", pytest.param("pycaret", marks=[pytest.mark.slow, pytest.mark.timeout(300)])]
)
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def an_engine(engine_name: str, pycaret_environment: None) -> Engine:
    return engine(engine_name)
