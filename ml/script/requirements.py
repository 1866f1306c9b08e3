"""What a script needs: the libraries in the versions that are in use here, and what they need in turn."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ml.engines import EngineName

_NEEDS: dict[EngineName, tuple[str, ...]] = {
    "sklearn": ("numpy", "pandas", "pyarrow", "scikit-learn"),
    # Those after PyCaret are its own, or its libraries', which do not say so or say it too loosely.
    "pycaret": ("numpy", "pandas", "pyarrow", "scikit-learn", "pycaret", "lightgbm", "statsmodels", "six", "anywidget"),
}


def requirements(engine: EngineName) -> str:
    """Return a requirements file for an engine's scripts, each version pinned.

    >>> "scikit-learn==" in requirements("sklearn")
    True
    """
    found: dict[str, str] = {}
    waiting = list(_NEEDS[engine])
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        try:
            made = distribution(name)
        except PackageNotFoundError:  # not installed here, so the race went without it
            continue
        found[name] = made.version
        waiting += _needed_by(made.requires or [])
    return "".join(f"{name}=={found[name]}\n" for name in sorted(found))


def _needed_by(requires: list[str]) -> Iterator[str]:
    for line in requires:
        needed = Requirement(line)
        if _applies(needed.marker):
            yield needed.name


def _applies(marker: Marker | None) -> bool:
    return marker is None or marker.evaluate({"extra": ""})
