"""`make bench-race`: the race's figures, a line each while it runs, and one JSON object at the end.

Its wall and scores against PyCaret's own, what the platform adds to a fit, what retiring candidates early saves, how
often the referee is wrong in recorded races, and its winner against other tools'.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench import quality, race, retiring, short_fits
from tests.bench.honesty import figures
from tests.bench.question import QUESTIONS
from tests.bench.shipped import SHIPPED

_ENVIRONMENTS = Path.home() / ".cache" / "trackside-bench"


def main() -> None:
    """Measure the parts that are asked for, and print the ratios."""
    options = _options()
    parts: Mapping[str, Callable[[], Mapping[str, float | None]]] = {
        "full": race.measure,
        "overhead": short_fits.measure,
        "retiring": lambda: retiring.measure(options.datasets),
        "honesty": figures.measure,
        "quality": lambda: quality.measure(options.questions, options.seconds, options.environments),
    }
    ratios: dict[str, float | None] = {}
    for part in options.parts:
        for name, value in parts[part]().items():
            ratios[name] = value
            sys.stdout.write(f"{name:<44}{'-' if value is None else value:>12}\n")
            sys.stdout.flush()
    sys.stdout.write(json.dumps({"bench": "race", "ratios": ratios}) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-race", description=__doc__.splitlines()[0])
    parts, questions = ("full", "overhead", "retiring", "honesty", "quality"), tuple(QUESTIONS)
    datasets = tuple(SHIPPED)
    parser.add_argument("--parts", nargs="+", choices=parts, default=parts, help="what to measure")
    parser.add_argument("--questions", nargs="+", choices=questions, default=questions, help="what to compare tools by")
    parser.add_argument(
        "--datasets", nargs="+", choices=datasets, default=datasets, help="what to retire candidates on"
    )
    parser.add_argument("--seconds", type=float, default=300.0, help="what each tool may spend on a question")
    parser.add_argument(
        "--environments", type=Path, default=_ENVIRONMENTS, help="where the other tools are installed, and kept"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
