"""`make bench`: every benchmark, a line each while it runs, and one JSON object at the end."""

import json
import sys

from tests.bench import event_path, race


def main() -> None:
    """Measure, and print the ratios."""
    ratios: dict[str, float] = {}
    for benchmark in (event_path, race):
        for name, value in benchmark.measure().items():
            ratios[name] = value
            sys.stdout.write(f"{name:<40}{value:>12}\n")
            sys.stdout.flush()
    sys.stdout.write(json.dumps({"bench": "spine", "ratios": ratios}) + "\n")


if __name__ == "__main__":
    main()
