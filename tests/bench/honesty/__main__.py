"""`make record-races` and `make replay-races`: races whose truth is known, and what the referee decides in them."""

import argparse
import json
import os
import sys
import time
from functools import partial
from itertools import islice
from pathlib import Path

from ml.splits import FoldsExceedRows
from tests.bench.honesty.datasets import DATASETS, installed
from tests.bench.honesty.drawing import drawn
from tests.bench.honesty.figures import ratios, summarized
from tests.bench.honesty.recording import RACES, record
from tests.bench.honesty.replaying import ORDERS, replayed
from tests.bench.honesty.reporting import told

_LOOK_SECONDS = 2.0
_KINDEST = 19


def main() -> None:
    """Do what is asked for."""
    options = _options()
    if options.verb == "record":
        _record(options.out, options.races, options.pause)
    else:
        _replay(options.out, options.orders)


def _record(out: Path, races: int, pause: Path | None) -> None:
    """Record the races that are not there yet; each is there as a whole or not at all, so it can be ended any time."""
    packages = installed(out)
    os.nice(_KINDEST)
    for number, race in enumerate(islice(drawn(DATASETS, packages), races), 1):
        if (out / f"{race.name}.npz").exists():
            continue
        began = time.monotonic()
        try:
            raced, held = record(race, DATASETS[race.dataset], packages, out, partial(_wait, pause))
            said = f"{raced} candidates, {held} rows tell the truth, {time.monotonic() - began:.0f} s"
        except FoldsExceedRows as error:
            said = f"not raced: {error}"
        sys.stdout.write(f"{number:>5} of {races}  {race.name:<32}{said}\n")
        sys.stdout.flush()


def _replay(out: Path, orders: int) -> None:
    """Replay every race that is there, print what that came to, and keep the figures beside this file."""
    replays = replayed(out, orders)
    if not replays:
        sys.exit(f"There is no race in {out}. Record some: make record-races")
    sys.stdout.writelines(f"{line}\n" for line in told(replays))
    summarized(replays)
    sys.stdout.write(json.dumps({"bench": "record-races", "ratios": ratios(replays)}) + "\n")


def _wait(pause: Path | None) -> None:
    while pause is not None and pause.exists():
        time.sleep(_LOOK_SECONDS)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.honesty", description=__doc__.splitlines()[0])
    parser.add_argument("verb", choices=("record", "replay"))
    parser.add_argument("--out", type=Path, default=RACES, help="where the races are kept, about 100 kB each")
    parser.add_argument("--races", type=int, default=900, help="how many there are once all are recorded")
    parser.add_argument("--pause", type=Path, help="a file; no fit is begun while it is there")
    parser.add_argument("--orders", type=int, default=ORDERS, help="in how many orders of its folds a race is replayed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
