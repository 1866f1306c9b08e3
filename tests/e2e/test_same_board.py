"""The same plans come to one board with one worker, two, beside load, and with kills; ``make same-board`` is long."""

from pathlib import Path

import pytest

from tests.bench.same_board import all_one, conditions, races
from tests.builders.conditions import ran
from ui.cli.flights import write_flights

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(240)]


def test_the_same_plans_come_to_one_board_whatever_the_conditions(tmp_path: Path) -> None:
    rows = tmp_path / "flights.csv"
    write_flights(rows)
    rows.write_text("".join(rows.read_text().splitlines(keepends=True)[:801]))
    plans = races("sklearn", {"classification": "logistic forest dummy", "regression": "tree forest"}, folds=5)
    runs = [ran(each, rows, plans, tmp_path / str(number)) for number, each in enumerate(conditions(kills=4))]
    assert sum(runs[-1].killed.values()) == 4
    assert all(run.boards["careful"].fits_saved > 0 for run in runs)
    assert {run.fits for run in runs} == {25 + 30 - runs[0].boards["careful"].fits_saved}
    assert all_one(runs)
