import csv
from pathlib import Path

from ui.cli.flights import ROWS, TARGET, write_flights


def test_the_same_flights_are_written_each_time_without_what_is_known_only_later(tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    write_flights(first)
    write_flights(second)
    assert first.read_bytes() == second.read_bytes()
    with first.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == ROWS
    assert not {"dep_delay", "arr_delay", "dep_time", "arr_time", "air_time"} & rows[0].keys()
    assert {row[TARGET] for row in rows} == {"yes", "no"}
    assert any(row["manufacturer"] == "NA" for row in rows)
